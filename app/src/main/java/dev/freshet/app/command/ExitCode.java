package dev.freshet.app.command;

/// What the process returns to the shell.
public final class ExitCode {
  public static final int OK = 0;

  /// Refused or failed; nothing was changed unless the message says so.
  public static final int FAILED = 1;

  /// The command line was not understood.
  public static final int USAGE = 2;

  /// The server cannot be reached, or lets nobody in.
  public static final int NO_CONNECTION = 3;

  /// `verify` found rows that differ, or `check` found missing rights.
  public static final int DIFFERENCES = 4;

  /// Ctrl-C: cancelled on the server too.
  public static final int INTERRUPTED = 130;

  private ExitCode() {}
}
