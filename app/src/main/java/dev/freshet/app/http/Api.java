package dev.freshet.app.http;

import dev.freshet.Freshet;
import dev.freshet.Strategy;
import dev.freshet.View;
import dev.freshet.compiler.CompileException;
import dev.freshet.compiler.Problem;
import dev.freshet.compiler.sql.QualifiedName;
import dev.freshet.engine.schedule.RefreshQueue;
import dev.freshet.engine.schedule.RefreshTicket;
import dev.freshet.engine.schedule.Scheduler;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// The resources of the API and what they answer.
final class Api {
  private final DataSource dataSource;
  private final Freshet freshet;
  private final Scheduler scheduler;

  /// Answers from one database.
  ///
  /// @param dataSource for short reads
  Api(DataSource dataSource, Scheduler scheduler) {
    this.dataSource = dataSource;
    this.freshet = Freshet.connect(dataSource);
    this.scheduler = scheduler;
  }

  Answer answer(Request request) throws IOException {
    return switch (Resource.of(request.path())) {
      case Resource.Health() -> get(request, this::health);
      case Resource.Views() ->
          get(request, () -> Answer.json(200, Map.of("views", freshet.views())));
      case Resource.OneView(String name) -> get(request, () -> Answer.json(200, view(name)));
      case Resource.Refreshes(String view) -> post(request, view);
      case Resource.OneRefresh(String id) -> get(request, () -> refresh(id));
      case Resource.None() -> throw notFound("02000", "there is nothing at this path", null);
    };
  }

  private static Answer get(Request request, Supplier<Answer> answer) {
    if (!request.changesNothing()) {
      throw notAllowed(request, "GET");
    }
    return answer.get();
  }

  private Answer health() {
    Health health = Health.of(dataSource, scheduler);
    return Answer.json(health.isGood() ? 200 : 503, health);
  }

  private View view(String name) {
    return freshet
        .view(qualified(name))
        .orElseThrow(() ->
            notFound(
                "42P01",
                "materialized view \"" + name + "\" does not exist",
                "GET /api/views lists those that Freshet looks after."));
  }

  /// The API has no search path: a name without a schema is one of `public`.
  private static String qualified(String name) {
    try {
      QualifiedName parsed = QualifiedName.parse(name);
      String schema = parsed.schema() == null ? "public" : parsed.schema();
      return new QualifiedName(schema, parsed.name()).sql();
    } catch (CompileException e) {
      throw new Refused(400, e.problem());
    }
  }

  private Answer post(Request request, String name) throws IOException {
    if (!request.method().equals("POST")) {
      throw notAllowed(request, "POST");
    }
    Optional<Strategy> strategy = RefreshBody.parse(request.body()).strategy();
    return switch (scheduler.queue().submit(view(name).id(), strategy)) {
      case RefreshQueue.Answer.Queued(long id) -> queued(id);
      case RefreshQueue.Answer.AlreadyQueued(long id) -> alreadyQueued(name, id);
    };
  }

  private static Answer queued(long id) {
    return Answer.json(202, Map.of("status", "queued", "refresh", path(id)))
        .with("Location", path(id));
  }

  private static Answer alreadyQueued(String view, long id) {
    Problem problem =
        Problem.of("55006", "a refresh of materialized view \"" + view + "\" is queued already")
            .withHint("It has not begun yet; follow it at " + path(id) + ".");
    return Answer.problem(409, problem).with("Location", path(id));
  }

  private Answer refresh(String id) {
    Optional<RefreshTicket> ticket =
        id.matches("\\d{1,18}") ? scheduler.queue().find(Long.parseLong(id)) : Optional.empty();
    return ticket
        .map(found -> Answer.json(200, RefreshJson.of(found)))
        .orElseThrow(() -> notFound("02000", "refresh " + id + " does not exist", null));
  }

  private static String path(long id) {
    return "/api/refreshes/" + id;
  }

  private static Refused notFound(String state, String message, @Nullable String hint) {
    return new Refused(404, Problem.of(state, message).withHint(hint));
  }

  private static Refused notAllowed(Request request, String allowed) {
    String message = "method " + request.method() + " is not possible here";
    return new Refused(405, Problem.of("0A000", message).withHint("Use " + allowed + "."));
  }
}
