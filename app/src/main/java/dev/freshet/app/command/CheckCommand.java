package dev.freshet.app.command;

import dev.freshet.Freshet;
import dev.freshet.MissingGrant;
import dev.freshet.app.show.Cell;
import dev.freshet.app.show.Column;
import dev.freshet.app.show.Screen;
import dev.freshet.app.show.Table;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `freshet check`.
@Command(
    name = "check",
    description = "Shows the rights that the connected role lacks, as GRANTs",
    footer = {
      "  freshet check                       for views in schema public",
      "  freshet check reporting sales       for views in these schemas",
      "  freshet check --json | jq -r '.missing[].statement' | psql --username postgres"
    })
final class CheckCommand implements Callable<Integer> {
  @Parameters(paramLabel = "SCHEMA", arity = "0..*", description = "Default: public.")
  private List<String> schemas = List.of();

  private final Invocation run;

  CheckCommand(Invocation run) {
    this.run = run;
  }

  @Override
  public Integer call() {
    Freshet freshet = run.cancelledFreshet();
    List<MissingGrant> missing = freshet.check(schemas.isEmpty() ? List.of("public") : schemas);
    show(missing, run.screen());
    return missing.isEmpty() ? ExitCode.OK : ExitCode.DIFFERENCES;
  }

  private static void show(List<MissingGrant> missing, Screen screen) {
    if (screen.json()) {
      screen.json(Map.of("missing", missing));
      return;
    }
    if (missing.isEmpty()) {
      screen.line("Nothing is missing.");
      return;
    }
    Table table = Table.of(Column.text("object"), Column.text("lacks"), Column.prose("needed for"));
    missing.forEach(grant ->
        table.row(Cell.of(grant.object()), Cell.of(grant.privilege()), Cell.of(grant.neededFor())));
    screen.table(table);
    screen.line("");
    screen.line("An administrator can grant it:");
    missing.forEach(grant -> screen.line("  " + grant.statement()));
  }
}
