package dev.freshet.engine.catalog;

import dev.freshet.FreshetException;
import dev.freshet.compiler.Problem;
import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/// Turns errors of the server or the driver into ours, with nothing lost.
public final class ServerErrors {
  private ServerErrors() {}

  public static FreshetException translate(SQLException error) {
    ServerErrorMessage server =
        error instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
    return new FreshetException(server == null ? ofDriver(error) : ofServer(error, server), error);
  }

  /// Where in the statement the server found the error, in characters from 1; 0 if it does not say.
  public static int position(FreshetException error) {
    return error.getCause() instanceof PSQLException postgres
            && postgres.getServerErrorMessage() != null
        ? Objects.requireNonNull(postgres.getServerErrorMessage()).getPosition()
        : 0;
  }

  private static Problem ofServer(SQLException error, ServerErrorMessage server) {
    return new Problem(
        stateOf(error),
        orElse(server.getMessage(), "unknown error"),
        server.getDetail(),
        server.getHint(),
        null);
  }

  private static Problem ofDriver(SQLException error) {
    String state = stateOf(error);
    return new Problem(
        state,
        orElse(error.getMessage(), "unknown error").replaceAll("\\s+", " ").replaceAll("\\.$", ""),
        null,
        state.startsWith("08")
            ? "Is the server running, and does it accept connections there?"
            : null,
        null);
  }

  private static String stateOf(SQLException error) {
    String state = error.getSQLState();
    return state == null || state.length() != 5 ? "XX000" : state;
  }

  private static String orElse(@Nullable String text, String fallback) {
    return text == null || text.isBlank() ? fallback : text;
  }
}
