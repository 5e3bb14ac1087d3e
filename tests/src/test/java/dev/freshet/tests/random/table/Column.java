package dev.freshet.tests.random.table;

/// A column of a random table.
///
/// @param required NOT NULL
public record Column(String name, DataType type, boolean required) {
  static Column of(String name, DataType type) {
    return new Column(name, type, false);
  }

  String definition() {
    return name + " " + type.sql() + (required ? " NOT NULL" : "");
  }
}
