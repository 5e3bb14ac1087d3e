package dev.freshet.app.demo;

/// What the demo is asked for.
///
/// @param orders rows of table orders; there are twice as many order items
/// @param keep leave PostgreSQL running at the end
/// @param port TCP port of PostgreSQL; 0 takes the one of the last run, else a free one
public record DemoOptions(long orders, boolean keep, int port) {
  /// Loads in a few seconds on two cores; all refreshes take less than a minute.
  public static final long DEFAULT_ORDERS = 1_000_000;
}
