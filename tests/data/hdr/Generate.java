// Writes the files java-* of this folder with the reference implementation. See README.md.
import java.io.*;
import java.nio.*;
import java.nio.file.*;
import java.util.*;
import org.HdrHistogram.*;

public class Generate {
    /** The sample stream that the tests replay: Knuth's 64-bit linear congruential generator. */
    static long state;

    static long next() {
        state = state * 6364136223846793005L + 1442695040888963407L;
        long base = 1000 * (1 + (state >>> 33) % 2000);
        return base << ((state >>> 29) & 7);
    }

    static void fill(Histogram histogram, long seed, int samples, long divisor) {
        state = seed;
        for (int i = 0; i < samples; i++) histogram.recordValue(next() / divisor);
    }

    static final Base64.Encoder BASE64 = Base64.getEncoder();

    static String base64(Histogram histogram, boolean compressed) {
        ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = compressed ? histogram.encodeIntoCompressedByteBuffer(buffer)
                                : histogram.encodeIntoByteBuffer(buffer);
        return BASE64.encodeToString(Arrays.copyOf(buffer.array(), length));
    }

    static String facts(Histogram histogram) {
        StringBuilder out = new StringBuilder();
        out.append("count ").append(histogram.getTotalCount()).append('\n');
        out.append("min ").append(histogram.getMinValue()).append('\n');
        out.append("max ").append(histogram.getMaxValue()).append('\n');
        for (double p : new double[] {1, 7, 10, 25, 50, 75, 90, 95, 99, 99.5, 99.9, 99.99, 100}) {
            out.append("p ").append(p).append(' ').append(histogram.getValueAtPercentile(p)).append('\n');
        }
        for (HistogramIterationValue v : histogram.recordedValues()) {
            if (v.getTotalCountToThisValue() % 50 == 0) {
                out.append("upto ").append(v.getValueIteratedTo()).append(' ')
                    .append(v.getTotalCountToThisValue()).append('\n');
            }
        }
        return out.toString();
    }

    static void write(String name, String text) throws IOException {
        Files.write(Paths.get(name), text.getBytes("UTF-8"));
    }

    static void set(String name, Histogram histogram, double hgrmRatio) throws IOException {
        write(name + ".b64", base64(histogram, true) + "\n");
        write(name + ".plain.b64", base64(histogram, false) + "\n");
        write(name + ".facts", facts(histogram));
        PrintStream out = new PrintStream(name + ".hgrm");
        histogram.outputPercentileDistribution(out, 5, hgrmRatio);
        out.close();
    }

    static void log(String name) throws IOException {
        HistogramLogWriter writer = new HistogramLogWriter(name);
        long start = 1700000000250L;
        writer.outputComment("[Logged by the reference implementation]");
        writer.outputLogFormatVersion();
        writer.outputStartTime(start);
        writer.outputBaseTime(start);
        writer.setBaseTime(start);
        writer.outputLegend();
        for (int i = 0; i < 4; i++) {
            Histogram histogram = new Histogram(64, 3600000000000L, 3);
            fill(histogram, 100 + i, 200 + i, 1);
            histogram.setStartTimeStamp(start + i * 1000L);
            histogram.setEndTimeStamp(start + i * 1000L + 1000);
            if (i % 2 == 1) histogram.setTag("write/orders");
            writer.outputIntervalHistogram(histogram);
        }
        writer.close();
    }

    public static void main(String[] arguments) throws IOException {
        Histogram ours = new Histogram(64, 3600000000000L, 3);
        fill(ours, 1, 5000, 1);
        set("java-nanos", ours, 1e6);
        Histogram micros = new Histogram(1, 3600000000L, 3);
        fill(micros, 2, 2000, 1000);
        set("java-micros", micros, 1e3);
        Histogram coarse = new Histogram(1000, 3600000000000L, 1);
        fill(coarse, 3, 2000, 1);
        set("java-one-digit", coarse, 1e6);
        Histogram fine = new Histogram(5);
        fill(fine, 4, 500, 1000);
        set("java-five-digits-auto", fine, 1e3);
        set("java-empty", new Histogram(64, 3600000000000L, 3), 1e6);
        log("java-intervals.hlog");
    }
}
