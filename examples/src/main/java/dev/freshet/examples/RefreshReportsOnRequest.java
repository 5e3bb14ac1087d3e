package dev.freshet.examples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.freshet.Cancellation;
import dev.freshet.Freshet;
import dev.freshet.FreshetException;
import dev.freshet.Progress;
import dev.freshet.RefreshReport;
import dev.freshet.RefreshRequest;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import javax.sql.DataSource;

/// An application with a button "refresh reports": `POST /admin/refresh-reports` answers at once
/// and refreshes in the background. Clicks while a refresh waits to begin are one refresh.
public final class RefreshReportsOnRequest implements AutoCloseable {
  private static final System.Logger LOG =
      System.getLogger(RefreshReportsOnRequest.class.getName());

  private final Freshet freshet;
  private final RefreshRequest reports;
  private final HttpServer server;
  private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
  private final ExecutorService background = Executors.newSingleThreadExecutor();
  private final Semaphore waiting = new Semaphore(1);
  private final Cancellation cancellation = new Cancellation();

  /// Serves on a free port of this machine.
  public RefreshReportsOnRequest(DataSource dataSource, String... views) throws IOException {
    freshet = Freshet.connect(dataSource);
    reports = RefreshRequest.of(views).withOrigin("api");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(requests);
    server.createContext("/admin/refresh-reports", this::answer);
    server.start();
  }

  public int port() {
    return server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!exchange.getRequestMethod().equals("POST")) {
        exchange.sendResponseHeaders(405, -1);
        return;
      }
      queue();
      byte[] body = "{\"status\": \"refresh queued\"}".getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private void queue() {
    if (waiting.tryAcquire()) {
      background.execute(this::refresh);
    }
  }

  private void refresh() {
    waiting.release();
    try {
      freshet.refresh(reports, Progress.Listener.NONE, cancellation).forEach(this::log);
    } catch (FreshetException e) {
      LOG.log(Level.WARNING, e.problem().message());
    }
  }

  private void log(RefreshReport report) {
    LOG.log(Level.DEBUG, () -> report.view() + " " + report.outcome());
  }

  /// Cancels a refresh that runs, on the server too.
  @Override
  public void close() {
    server.stop(0);
    cancellation.cancel();
    background.close();
    requests.close();
  }
}
