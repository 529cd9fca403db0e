#include "services/inventory/events/reservations.hpp"

#include "services/inventory/store/stock_table.hpp"

namespace loadgen::services::inventory {
namespace {

using runtime::Transaction;

/// The stock of each product with one more piece promised; empty when a piece can't be had.
Result<std::vector<Stock>> promise_pieces(Transaction& transaction,
                                          const std::vector<std::string>& products) {
    std::vector<Stock> promised;
    for (const std::string& product : products) {
        auto stock = find_stock(transaction.tables(), product);
        if (!stock) return std::move(stock).error();
        if (!*stock || !(*stock)->can_reserve()) return std::vector<Stock>();
        (*stock)->reserve();
        promised.push_back(std::move(**stock));
    }
    return promised;
}

Result<void> answer(Transaction& transaction, std::string_view type, std::string_view order_number,
                    std::string_view conversation_id) {
    return transaction.publish({.type = type, .data = reservation(order_number, conversation_id)});
}

Result<void> tell_level(Transaction& transaction, const Stock& before, const Stock& after) {
    auto done =
        transaction.publish({.type = "inventory.stockUpdated.v1", .data = stock_updated(before, after)});
    if (done && !after.can_reserve()) {
        done =
            transaction.publish({.type = "inventory.outOfStock.v1", .data = product_named(after.product_id)});
    }
    return done;
}

Result<void> dispatch_piece(Transaction& transaction, std::string_view product_id) {
    auto stock = find_stock(transaction.tables(), product_id);
    if (!stock) return std::move(stock).error();
    // A reservation proves that the row exists, and rows are never deleted.
    const Stock before = **stock;
    Stock after = before;
    after.dispatch();
    ++after.version;
    auto done = put_stock(transaction.tables(), after);
    return done ? tell_level(transaction, before, after) : done;
}

}  // namespace

Result<void> reserve_order(Transaction& transaction, const CreatedOrder& order,
                           std::string_view conversation_id) {
    transaction.span().set("order.id", order.order_number);
    transaction.span().set("order.productCount", static_cast<std::int64_t>(order.products.size()));
    transaction.span().set("order.conversationId", conversation_id);
    auto held = find_order(transaction.tables(), order.order_number);
    if (!held) return std::move(held).error();
    if (held->state >= OrderState::kReserved) {
        transaction.span().set("order.reserved", true);
        return answer(transaction, "inventory.stockReserved.v1", order.order_number, conversation_id);
    }
    auto promised = promise_pieces(transaction, order.products);
    if (!promised) return std::move(promised).error();
    const bool reserved = !promised->empty();
    transaction.span().set("order.reserved", reserved);
    Result<void> done;
    for (Stock& stock : *promised) {
        ++stock.version;
        if (done) done = put_stock(transaction.tables(), stock);
    }
    const HeldOrder order_now{reserved ? OrderState::kReserved : OrderState::kRefused, order.products};
    if (done) done = put_order(transaction.tables(), order.order_number, order_now);
    if (!done) return done;
    return answer(transaction,
                  reserved ? "inventory.stockReserved.v1" : "inventory.stockReservationFailed.v1",
                  order.order_number, conversation_id);
}

Result<void> dispatch_order(Transaction& transaction, std::string_view order_number) {
    transaction.span().set("order.id", order_number);
    auto held = find_order(transaction.tables(), order_number);
    if (!held) return std::move(held).error();
    if (held->state == OrderState::kDispatched) return {};
    if (held->state != OrderState::kReserved) {
        return Error{ErrorCode::kNotFound, "no reservation of the order " + std::string(order_number)};
    }
    Result<void> done;
    for (const std::string& product : held->products) {
        if (done) done = dispatch_piece(transaction, product);
    }
    if (!done) return done;
    return put_order(transaction.tables(), order_number, {OrderState::kDispatched, {}});
}

Result<void> set_level(Transaction& transaction, std::string_view product_id, double level) {
    transaction.span().set("product.id", product_id);
    auto stock = find_stock(transaction.tables(), product_id);
    if (!stock) return std::move(stock).error();
    const Stock before = stock->value_or(Stock{std::string(product_id), 0, 0, 0});
    Stock after = before;
    after.level = level;
    ++after.version;
    transaction.span().set("product.previousStockLevel", before.level);
    transaction.span().set("product.newStockLevel", after.level);
    auto done = put_stock(transaction.tables(), after);
    if (!done) return done;
    return transaction.publish({.type = "inventory.stockUpdated.v1", .data = stock_updated(before, after)});
}

}  // namespace loadgen::services::inventory
