// Prints what the reference implementation finds in a histogram log: one line an interval, one fact a column.
import java.io.File;
import org.HdrHistogram.*;

public class ReadLog {
    public static void main(String[] arguments) throws Exception {
        HistogramLogReader reader = new HistogramLogReader(new File(arguments[0]));
        for (EncodableHistogram next; (next = reader.nextIntervalHistogram()) != null;) {
            Histogram histogram = (Histogram) next;
            StringBuilder line = new StringBuilder();
            line.append(histogram.getTag() == null ? "-" : histogram.getTag());
            line.append(' ').append(histogram.getStartTimeStamp()).append(' ').append(histogram.getEndTimeStamp());
            line.append(' ').append(histogram.getTotalCount()).append(' ').append(histogram.getMaxValue());
            for (double p : new double[] {50, 99, 99.9}) line.append(' ').append(histogram.getValueAtPercentile(p));
            System.out.println(line);
        }
    }
}
