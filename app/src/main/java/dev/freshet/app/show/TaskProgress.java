package dev.freshet.app.show;

import dev.freshet.Progress;
import java.time.Duration;
import java.util.Timer;
import java.util.TimerTask;
import org.jspecify.annotations.Nullable;

/// Shows the steps of a long task: one bar for each view, moved by the time it took last time.
public final class TaskProgress implements Progress.Listener, AutoCloseable {
  private static final Duration TICK = Duration.ofMillis(100);

  /// Percent: a bar that moves by time never says that it is done before it is.
  private static final int NEARLY_DONE = 97;

  private final Screen screen;
  private final Timer timer = new Timer("progress", true);
  private String view = "";
  private Bar bar = new Bar.Silent();
  private @Nullable Mover mover;

  public TaskProgress(Screen screen) {
    this.screen = screen;
  }

  @Override
  public synchronized void onProgress(Progress progress) {
    if (!progress.view().equals(view)) {
      closeBar();
      view = progress.view();
      bar = open(progress);
    }
    bar.message(progress.phase());
  }

  @Override
  public synchronized void close() {
    timer.cancel();
    closeBar();
  }

  private void closeBar() {
    if (mover != null) {
      mover.cancel();
      mover = null;
    }
    bar.close();
  }

  private Bar open(Progress progress) {
    long expected = progress.expected().map(Duration::toMillis).orElse(-1L);
    Bar opened = Bar.ofTime(screen, progress.view(), expected);
    if (opened instanceof Bar.Drawn) {
      mover = new Mover(opened, expected);
      timer.schedule(mover, TICK.toMillis(), TICK.toMillis());
    }
    return opened;
  }

  private static final class Mover extends TimerTask {
    private final Bar moved;
    private final long expected;
    private long elapsed;

    Mover(Bar moved, long expected) {
      this.moved = moved;
      this.expected = expected;
    }

    @Override
    public void run() {
      elapsed += TICK.toMillis();
      moved.stepTo(expected < 0 ? elapsed : Math.min(elapsed, expected * NEARLY_DONE / 100));
    }
  }
}
