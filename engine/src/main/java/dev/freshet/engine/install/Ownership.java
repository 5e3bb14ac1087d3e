package dev.freshet.engine.install;

import dev.freshet.compiler.sql.DeclaredView;
import dev.freshet.compiler.sql.Quote;
import dev.freshet.compiler.sql.Statement;
import dev.freshet.engine.catalog.Session;
import java.util.Optional;

/// Lets a transaction act as the role that owns, or is to own, a view.
final class Ownership {
  private Ownership() {}

  /// Everything that follows in the transaction is created by the declared owner.
  static void actAs(Session session, DeclaredView declared) {
    declared(declared).ifPresent(role -> actAs(session, role));
  }

  /// The role that a file names; empty if that is the one which applies it.
  static Optional<String> declared(DeclaredView declared) {
    Statement.OwnerTo owner = declared.owner();
    return owner == null || owner.owner().word()
        ? Optional.empty()
        : Optional.of(owner.owner().name());
  }

  static void actAs(Session session, String role) {
    boolean other = session.one("SELECT current_user <> ?", row -> row.getBoolean(1), role);
    if (other) {
      session.one(
          "SELECT freshet.require_trust(?::regrole)::text",
          row -> row.getString(1),
          Quote.name(role));
      allowStorages(session, role);
      session.execute("SET LOCAL ROLE " + Quote.name(role));
    }
  }

  /// A role needs CREATE on the schema of the storages; whoever installed Freshet can grant it.
  private static void allowStorages(Session session, String role) {
    boolean grantable =
        session.one(
            """
            SELECT NOT has_schema_privilege(?, 'freshet_data', 'CREATE')
              AND has_schema_privilege('freshet_data', 'CREATE WITH GRANT OPTION')
            """,
            row -> row.getBoolean(1),
            role);
    if (grantable) {
      session.execute("GRANT CREATE ON SCHEMA freshet_data TO " + Quote.name(role));
    }
  }
}
