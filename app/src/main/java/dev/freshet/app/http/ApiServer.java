package dev.freshet.app.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.freshet.FreshetException;
import dev.freshet.compiler.Problem;
import dev.freshet.engine.schedule.Scheduler;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves the API. Start reading here.
///
/// On a loopback address anybody on this machine may ask, but no web page in a browser may; on any
/// other address the server does not start without a [Token]. With one, every request must bring
/// it.
public final class ApiServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);

  static {
    // Read once by the JDK's server: seconds for a slow client, and open connections at most.
    System.setProperty("sun.net.httpserver.maxReqTime", "30");
    System.setProperty("sun.net.httpserver.maxRspTime", "60");
    System.setProperty("jdk.httpserver.maxConnections", "200");
  }

  private static final int STOP_SECONDS = 1;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Access access;
  private final Api api;
  private final String host;

  private ApiServer(HttpServer server, String host, Access access, Api api) {
    this.server = server;
    this.host = host;
    this.access = access;
    this.api = api;
  }

  /// Returns when the server takes requests.
  ///
  /// @param dataSource for short reads; refreshes are done by the scheduler
  /// @throws FreshetException 55000 without a token on an address that is not loopback, 58030 if
  ///   the address cannot be listened on
  public static ApiServer start(
      ListenAddress address, Optional<Token> token, DataSource dataSource, Scheduler scheduler) {
    try {
      address.requireToken(token);
      HttpServer server = HttpServer.create(address.resolve(), 0);
      ApiServer api =
          new ApiServer(server, address.host(), new Access(token), new Api(dataSource, scheduler));
      api.serve();
      return api;
    } catch (IOException e) {
      throw new FreshetException(
          Problem.of("58030", "could not listen on " + address.host() + ":" + address.port())
              .withDetail(e.getMessage() + ".")
              .withHint("Name another address with --listen."),
          e);
    }
  }

  private void serve() {
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /// Such as `http://127.0.0.1:8080`.
  public String url() {
    return "http://" + host + ":" + server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) {
    try (exchange) {
      send(exchange, answer(new Request(exchange)));
    } catch (IOException e) {
      LOG.debug("a client went away", e);
    }
  }

  private Answer answer(Request request) throws IOException {
    try {
      access.check(request);
      return api.answer(request);
    } catch (Refused e) {
      return e.answer();
    } catch (FreshetException e) {
      return Answer.problem(Statuses.of(e.problem()), e.problem());
    } catch (RuntimeException e) {
      LOG.error("could not answer {}", request.exchange().getRequestURI(), e);
      return Answer.problem(500, Problem.of("XX000", "the server failed to answer"));
    }
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    var headers = exchange.getResponseHeaders();
    headers.set("Content-Type", answer.type());
    headers.set("Cache-Control", "no-store");
    headers.set("X-Content-Type-Options", "nosniff");
    answer.headers().forEach(headers::set);
    boolean head = exchange.getRequestMethod().equals("HEAD");
    byte[] body = answer.bytes();
    exchange.sendResponseHeaders(answer.status(), head ? -1 : body.length);
    if (!head) {
      exchange.getResponseBody().write(body);
    }
  }

  /// Lets requests that are being answered end, for a second at most.
  @Override
  public void close() {
    server.stop(STOP_SECONDS);
    threads.close();
  }
}
