package dev.freshet.app.show;

import java.time.Duration;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/// A progress bar on a terminal; elsewhere one line when the step begins.
public sealed interface Bar extends AutoCloseable {
  /// Steps done so far.
  void stepTo(long done);

  /// What is being done now.
  void message(String text);

  /// Wipes the bar.
  @Override
  void close();

  /// A bar of `max` steps.
  static Bar ofSteps(Screen screen, String title, long max) {
    return open(screen, title, new ProgressBarBuilder().setInitialMax(max));
  }

  /// A bar of time in milliseconds; a negative `max` means that nobody knows how long.
  static Bar ofTime(Screen screen, String title, long max) {
    return open(
        screen, title, new ProgressBarBuilder().setInitialMax(max).setUnit(" s", 1000).hideEta());
  }

  private static Bar open(Screen screen, String title, ProgressBarBuilder builder) {
    if (screen.quiet() || screen.json()) {
      return new Silent();
    }
    return screen.terminal().interactive()
        ? new Drawn(draw(screen, title, builder))
        : new Spoken(screen, title);
  }

  private static ProgressBar draw(Screen screen, String title, ProgressBarBuilder builder) {
    int width = Math.min(screen.terminal().width(), 100) - 1;
    return builder
        .setTaskName(title)
        .setUpdateIntervalMillis((int) Duration.ofMillis(100).toMillis())
        .setStyle(
            screen.terminal().unicode() ? ProgressBarStyle.UNICODE_BLOCK : ProgressBarStyle.ASCII)
        .setMaxRenderedLength(width)
        .setConsumer(new ConsoleProgressBarConsumer(screen.terminal().err(), width))
        .clearDisplayOnFinish()
        .build();
  }

  /// On a terminal.
  record Drawn(ProgressBar bar) implements Bar {
    @Override
    public void stepTo(long done) {
      bar.stepTo(done);
    }

    @Override
    public void message(String text) {
      bar.setExtraMessage(text);
    }

    @Override
    public void close() {
      bar.close();
    }
  }

  /// In a log: the title once, and whatever is said on the way.
  final class Spoken implements Bar {
    private final Screen screen;
    private final String title;
    private boolean titled;

    private Spoken(Screen screen, String title) {
      this.screen = screen;
      this.title = title;
    }

    @Override
    public void stepTo(long done) {
      if (!titled) {
        say(title);
      }
    }

    @Override
    public void message(String text) {
      say(title + ": " + text);
    }

    @Override
    public void close() {}

    private void say(String text) {
      titled = true;
      screen.terminal().err().println(text);
    }
  }

  /// Where nobody wants to know.
  record Silent() implements Bar {
    @Override
    public void stepTo(long done) {}

    @Override
    public void message(String text) {}

    @Override
    public void close() {}
  }
}
