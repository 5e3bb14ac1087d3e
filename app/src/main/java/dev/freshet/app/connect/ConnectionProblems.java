package dev.freshet.app.connect;

import dev.freshet.FreshetException;
import dev.freshet.compiler.Problem;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/// Why no connection could be made, with a hint for each common reason.
public final class ConnectionProblems {
  private static final String CANNOT_CONNECT = "08001";
  private static final String REJECTED = "08004";
  private static final String NO_PASSWORD = "The server asks for a password, and none was given.";

  private ConnectionProblems() {}

  static FreshetException refused(String message) {
    return refused(message, null);
  }

  static FreshetException refused(String message, @Nullable String hint) {
    return new FreshetException(Problem.of(CANNOT_CONNECT, message).withHint(hint));
  }

  /// No server was named and none of our own runs.
  static FreshetException noServer() {
    return refused(
        "no database to connect to",
        "Name one with --url postgresql://user@host/database or PGHOST, PGDATABASE, PGUSER;"
            + " or start one here with \"freshet demo --keep\" or \"freshet serve\".");
  }

  /// What the driver reported, with what to do about it.
  static FreshetException failed(ConnectionSettings settings, SQLException cause) {
    String state = Optional.ofNullable(cause.getSQLState()).orElse(CANNOT_CONNECT);
    Problem problem =
        Problem.of(state, "could not connect to " + settings.display())
            .withDetail(lacksPassword(state, settings) ? NO_PASSWORD : detail(cause))
            .withHint(hint(state, cause));
    return new FreshetException(problem, cause);
  }

  /// True for an SQLSTATE that says that the server cannot be reached or lets nobody in.
  public static boolean isConnectionState(String sqlState) {
    return sqlState.startsWith("08")
        || sqlState.startsWith("28")
        || sqlState.startsWith("57P")
        || sqlState.equals("3D000")
        || sqlState.equals("53300");
  }

  private static boolean lacksPassword(String state, ConnectionSettings settings) {
    return state.equals(REJECTED) && settings.password().orElse("").isEmpty();
  }

  private static String detail(SQLException cause) {
    ServerErrorMessage server =
        cause instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
    String text = server == null ? cause.getMessage() : server.getMessage();
    String sentence = text == null ? cause.getClass().getSimpleName() : text.strip();
    String capital = sentence.substring(0, 1).toUpperCase(java.util.Locale.ROOT);
    return capital + sentence.substring(1) + (sentence.endsWith(".") ? "" : ".");
  }

  private static @Nullable String hint(String state, SQLException cause) {
    if (isTls(cause)) {
      return "Check sslmode, sslrootcert, sslcert and sslkey.";
    }
    return switch (state) {
      case "08001" -> "Is the server running there and accepting TCP/IP connections?";
      case "08004", "28P01" ->
          "Set the password in PGPASSWORD, in ~/.pgpass (mode 0600) or in the URL.";
      case "28000" -> "Check the role's name and the server's pg_hba.conf.";
      case "3D000" -> "Name another database at the end of the URL or in PGDATABASE.";
      case "53300" -> "Close connections that are idle, or raise max_connections.";
      case "57P03" -> "The server is starting up or shutting down. Try again in a moment.";
      default -> null;
    };
  }

  private static boolean isTls(SQLException cause) {
    String message = String.valueOf(cause.getMessage());
    return message.contains("SSL")
        || message.contains("certificate")
        || message.contains("hostnameverifier");
  }
}
