package dev.freshet.tests.random;

/// A fault that a run is given on purpose, to see that it is caught.
///
/// @param afterRefresh SQL that runs between a refresh and the comparison; may be empty
record Sabotage(String afterRefresh) {
  static final Sabotage NONE = new Sabotage("");
}
