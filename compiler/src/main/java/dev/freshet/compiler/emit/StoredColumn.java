package dev.freshet.compiler.emit;

/// A column of a storage.
///
/// @param name as in the view
/// @param type as SQL text, qualified where it is not a type of PostgreSQL itself
/// @param equalMeansSame two equal values of the type always look the same (not so for numeric: 1.0
///   and 1.00)
/// @param hasEquality the type has a default equality, as GROUP BY needs it
public record StoredColumn(String name, String type, boolean equalMeansSame, boolean hasEquality) {
  /// Begins the names of columns that the storage has and the view does not show.
  public static final String HIDDEN = "freshet$";

  public boolean isHidden() {
    return name.startsWith(HIDDEN);
  }
}
