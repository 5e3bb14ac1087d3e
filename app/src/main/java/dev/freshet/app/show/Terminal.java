package dev.freshet.app.show;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.time.Clock;
import java.util.Scanner;

/// Where a command reads and writes.
///
/// @param in what is piped in or typed
/// @param out results
/// @param err errors, progress and notes
/// @param interactive a person watches: colours and progress bars are welcome
/// @param width columns; tables wrap to fit
/// @param clock the present moment and the time zone of shown times
public record Terminal(
    InputStream in, PrintStream out, PrintStream err, boolean interactive, int width, Clock clock) {
  /// The width of output that nobody watches: nothing is wrapped.
  public static final int UNLIMITED = Integer.MAX_VALUE;

  /// What is typed or piped, up to the end of a line; empty at the end of input.
  public String readLine() {
    Scanner scanner = new Scanner(in, Charset.defaultCharset());
    return scanner.hasNextLine() ? scanner.nextLine() : "";
  }

  /// True if the encoding of the output has box-drawing characters.
  public boolean unicode() {
    return out.charset().newEncoder().canEncode('─');
  }
}
