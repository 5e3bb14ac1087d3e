package dev.freshet.app.show;

import java.io.Console;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Looks at the process's own terminal.
public final class TerminalProbe {
  private TerminalProbe() {}

  /// The terminal that this process writes to.
  public static Terminal ofProcess(Map<String, String> environment) {
    boolean interactive =
        Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    int width = interactive ? width(environment) : Terminal.UNLIMITED;
    return new Terminal(
        System.in,
        System.out,
        System.err,
        interactive,
        width,
        Clock.system(ZoneId.systemDefault()));
  }

  private static int width(Map<String, String> environment) {
    String columns = environment.getOrDefault("COLUMNS", "");
    return columns.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(columns) : askedWidth();
  }

  /// Asks `stty`, which every Unix has; it prints "rows columns".
  private static int askedWidth() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(Redirect.INHERIT)
              .redirectError(Redirect.DISCARD)
              .start();
      String answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      stty.waitFor(1, TimeUnit.SECONDS);
      String columns = answer.strip().replaceFirst("^[0-9]+ ", "");
      return columns.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(columns) : Terminal.UNLIMITED;
    } catch (IOException e) {
      return Terminal.UNLIMITED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Terminal.UNLIMITED;
    }
  }
}
