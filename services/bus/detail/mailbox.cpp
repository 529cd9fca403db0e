#include "services/bus/detail/mailbox.hpp"

#include <iterator>

namespace loadgen::services::bus::detail {

void Mailbox::settle(std::vector<Settlement> settlements) {
    bool matters = false;
    {
        const std::lock_guard lock(mutex_);
        if (closed_) return;
        auto& kept = mail_.settlements;
        kept.insert(kept.end(), settlements.begin(), settlements.end());
        matters = sleeping_ && !working_;
        sleeping_ = sleeping_ && !matters;
    }
    wake_if(matters);
}

void Mailbox::capacity_freed() {
    bool matters = false;
    {
        const std::lock_guard lock(mutex_);
        freed_ = true;
        matters = std::exchange(sleeping_, false);
    }
    wake_if(matters);
}

void Mailbox::add(std::shared_ptr<ConsumerState> consumer) {
    bool matters = false;
    {
        const std::lock_guard lock(mutex_);
        mail_.consumers.push_back(std::move(consumer));
        matters = std::exchange(sleeping_, false);
    }
    wake_if(matters);
}

void Mailbox::finish(std::shared_ptr<Work> work, Result<void> outcome) {
    bool matters = false;
    {
        const std::lock_guard lock(mutex_);
        mail_.finished = std::move(work);
        mail_.outcome = std::move(outcome);
        matters = std::exchange(sleeping_, false);
    }
    wake_if(matters);
}

void Mailbox::stop() {
    {
        const std::lock_guard lock(mutex_);
        mail_.stop = true;
        sleeping_ = false;
    }
    wake_->wake_self();
}

void Mailbox::close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    mail_.settlements.clear();
}

Mailbox::Mail Mailbox::take() {
    const std::lock_guard lock(mutex_);
    Mail taken = std::move(mail_);
    mail_ = {};
    freed_ = false;
    return taken;
}

bool Mailbox::may_sleep(bool working) {
    const std::lock_guard lock(mutex_);
    const bool news = mail_.finished || mail_.stop || freed_ || !mail_.consumers.empty();
    if (news || (!working && !mail_.settlements.empty())) return false;
    sleeping_ = true;
    working_ = working;
    return true;
}

void Mailbox::awake() {
    const std::lock_guard lock(mutex_);
    sleeping_ = false;
}

void Mailbox::wake_if(bool sleeping) {
    if (sleeping) wake_->wake_self();
}

}  // namespace loadgen::services::bus::detail
