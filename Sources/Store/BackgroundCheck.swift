/// Looks through the whole file after an unclean stop, while the Store serves already.
struct BackgroundCheck {
    let shared: StoreShared

    func start(on reports: Reports) {
        shared.options.notice(.uncleanStop)
        shared.health.checkBegan()
        let (health, notice) = (shared.health, shared.options.notice)
        let work: Reports.Work = { connection in
            do throws(StoreError) {
                let damage = try Self.damage(in: try connection.get())
                health.checkEnded(isDamaged: damage != nil)
                notice(.checked(damage: damage))
            } catch .closed {
                // Cut by the close: the lock file stays marked, and the next start checks again.
            } catch {
                health.checkEnded(isDamaged: error == .corrupt)
                notice(.checked(damage: "\(error)"))
            }
        }
        // Refused only when the store is closed at once.
        do { try reports.add(work) } catch { health.checkEnded(isDamaged: false) }
    }

    private static func damage(in connection: Connection) throws(StoreError) -> String? {
        let findings = try connection.pragmaRows("PRAGMA quick_check(10)")
        return findings == ["ok"] ? nil : findings.joined(separator: "; ")
    }
}
