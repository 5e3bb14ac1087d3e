package dev.freshet.app.command;

import dev.freshet.Freshet;
import dev.freshet.Removal;
import dev.freshet.app.connect.Server;
import dev.freshet.app.show.Screen;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// `freshet uninstall`.
@Command(
    name = "uninstall",
    description = "Removes every trace of Freshet and keeps your data",
    footer = {
      "  freshet uninstall                           each view becomes a plain view of its query",
      "  freshet uninstall --as materialized-view    each view becomes a native one, populated"
    })
final class UninstallCommand implements Callable<Integer> {
  @Option(
      names = "--as",
      paramLabel = "KIND",
      converter = RemovalName.class,
      description = "What managed views become: view (default) or materialized-view.")
  private Removal removal = Removal.AS_VIEW;

  @Option(names = "--yes", description = "Do not ask.")
  private boolean yes;

  private final Invocation run;

  UninstallCommand(Invocation run) {
    this.run = run;
  }

  @Override
  public Integer call() {
    Screen screen = run.screen();
    Server server = run.server();
    if (!yes && !confirmed(server, screen)) {
      screen.note("Nothing was changed.");
      return ExitCode.FAILED;
    }
    Freshet freshet = Freshet.connect(server);
    freshet.uninstall(removal);
    if (screen.json()) {
      screen.json(Map.of("uninstalled", true));
    } else {
      screen.note("Freshet is gone from " + server.display() + ".");
    }
    return ExitCode.OK;
  }

  private static boolean confirmed(Server server, Screen screen) {
    if (!screen.terminal().interactive()) {
      throw new UsageProblem("uninstall asks before it works; say --yes where nobody can answer");
    }
    screen.terminal().err().print("Remove Freshet from " + server.display() + "? [y/N] ");
    screen.terminal().err().flush();
    return screen.terminal().readLine().strip().equalsIgnoreCase("y");
  }

  /// Reads what views become.
  static final class RemovalName implements ITypeConverter<Removal> {
    @Override
    public Removal convert(String value) {
      return switch (value) {
        case "view" -> Removal.AS_VIEW;
        case "materialized-view" -> Removal.AS_MATERIALIZED_VIEW;
        default ->
            throw new TypeConversionException(
                "unknown kind \"%s\"; use view or materialized-view".formatted(value));
      };
    }
  }
}
