package dev.freshet.app.demo;

/// What the demo is asked for.
///
/// @param orders rows of table orders; there are twice as many order items
/// @param keep leave PostgreSQL running at the end
/// @param port TCP port of PostgreSQL; 0 takes the one of the last run, else a free one
public record DemoOptions(long orders, boolean keep, int port) {
  /// Loads in about 20 s on two cores.
  public static final long DEFAULT_ORDERS = 400_000;
}
