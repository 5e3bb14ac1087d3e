package dev.freshet.compiler.sql;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A statement that refreshes views and does nothing else: what a scheduled job may be.
public sealed interface RefreshStatement {

  /// Reads text that is exactly one such statement, with constants as arguments; anything else is
  /// refused with a hint.
  static RefreshStatement parse(String text) {
    return RefreshReader.read(SqlText.of(text));
  }

  /// `REFRESH MATERIALIZED VIEW [CONCURRENTLY] view [WITH [NO] DATA]`.
  record Refresh(QualifiedName view, boolean concurrently, boolean withData)
      implements RefreshStatement {}

  /// `CALL freshet.refresh(...)`.
  record Call(List<Argument> arguments) implements RefreshStatement {

    /// The argument of a parameter, by its name or by its place in the list.
    ///
    /// @param place counted from 0
    public Optional<Argument> argument(String parameter, int place) {
      if (place < arguments.size() && arguments.get(place).parameter() == null) {
        return Optional.of(arguments.get(place));
      }
      return arguments.stream().filter(a -> parameter.equals(a.parameter())).findFirst();
    }
  }

  /// `CALL freshet.refresh_all()`.
  record CallAll() implements RefreshStatement {}

  /// A constant in a call.
  ///
  /// @param parameter null when it is given by its place
  /// @param value null for NULL
  record Argument(@Nullable String parameter, @Nullable String value) {}
}
