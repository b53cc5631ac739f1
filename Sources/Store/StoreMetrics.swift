import Metrics

/// The Store's metrics, announced once at its opening.
struct StoreMetrics: Sendable {
    let bodies, bodyFailures, bodiesOverBudget, bodiesShed, bodiesUnwanted, groups, groupsAbandoned,
        commitsUnknown: Counter
    let checkpoints, checkpointFailures, restarts, reports, reportsShed, reportsHeld, reportsOverLimit: Counter
    let backups, backupFailures: Counter
    let groupBodies, commitMicroseconds, bodyMicroseconds: Histogram
    let waitingBodies, walBytes: Gauge

    init(_ registry: MetricsRegistry) {
        bodies = registry.counter("cordee_store_bodies", "Write bodies that were run and kept.")
        bodyFailures = registry.counter("cordee_store_body_failures", "Write bodies that failed and were rolled back.")
        bodiesOverBudget = registry.counter("cordee_store_bodies_over_budget", "Write bodies cut at their budget.")
        bodiesShed = registry.counter("cordee_store_bodies_shed", "Write bodies refused because the queue was full.")
        bodiesUnwanted = registry.counter("cordee_store_bodies_unwanted", "Write bodies dropped before they began.")
        groups = registry.counter("cordee_store_groups", "Groups of write bodies committed.")
        groupsAbandoned = registry.counter("cordee_store_groups_abandoned", "Groups run again without a guilty body.")
        commitsUnknown = registry.counter("cordee_store_commits_unknown", "COMMITs that failed, outcome unknown.")
        checkpoints = registry.counter("cordee_store_checkpoints", "Checkpoints of the WAL beside the writing.")
        checkpointFailures = registry.counter("cordee_store_checkpoint_failures", "Checkpoints that failed.")
        restarts = registry.counter("cordee_store_wal_restarts", "Checkpoints that let the WAL start anew.")
        reports = registry.counter("cordee_store_reports", "Reports asked for.")
        reportsShed = registry.counter("cordee_store_reports_shed", "Reports refused because the queue was full.")
        reportsHeld = registry.counter("cordee_store_reports_held", "Reports that waited for the WAL to start anew.")
        reportsOverLimit = registry.counter("cordee_store_reports_over_limit", "Reports cut at their time limit.")
        backups = registry.counter("cordee_store_backups", "Copies of the database that were written.")
        backupFailures = registry.counter("cordee_store_backup_failures", "Copies of the database that failed.")
        groupBodies = registry.histogram("cordee_store_group_bodies", "Bodies in one COMMIT.")
        commitMicroseconds = registry.histogram("cordee_store_commit_us", "Time of one COMMIT with its fsync.")
        bodyMicroseconds = registry.histogram("cordee_store_body_us", "Time of one write body.")
        waitingBodies = registry.gauge("cordee_store_waiting_bodies", "Write bodies that wait to be run.")
        walBytes = registry.gauge("cordee_store_wal_bytes", "Bytes in use in the WAL after the last commit.")
    }
}
