package dev.freshet.compiler.emit;

import java.util.List;

/// How a top-off renews part of a view.
public sealed interface TopOff {
  /// None is declared.
  record None() implements TopOff {}

  /// Rows that satisfy a condition are computed anew.
  ///
  /// @param condition SQL over the columns of the view
  record Window(String condition) implements TopOff {}

  /// A procedure of the user's gets the storage table as its only argument, a regclass.
  ///
  /// @param procedure qualified name
  /// @param searchPath what the procedure runs with, so that it finds what its author sees
  record Callback(String procedure, List<SessionSetting> searchPath) implements TopOff {}
}
