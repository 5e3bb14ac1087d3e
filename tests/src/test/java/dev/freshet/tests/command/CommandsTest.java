package dev.freshet.tests.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What holds for every command.
final class CommandsTest {
  private static final Pattern LISTED = Pattern.compile("^  ([a-z]+) +[A-Z].*$", Pattern.MULTILINE);

  /// The names in the list of the help.
  static List<String> names() {
    String help = Ran.run(Map.of(), "--help").out();
    String list = help.substring(help.indexOf("Commands:"), help.indexOf("Exit codes:"));
    return LISTED.matcher(list).results().map(result -> result.group(1)).toList();
  }

  @Test
  void helpListsCommandsAndExitCodes() {
    Ran help = Ran.run(Map.of(), "--help");
    assertThat(help.exitCode()).isZero();
    assertThat(help.err()).isEmpty();
    assertThat(help.out()).contains("Exit codes:", "130   interrupted", "freshet demo");
    assertThat(names()).contains("demo", "apply", "refresh", "status", "serve", "help");
    assertThat(Ran.run(Map.of()).out()).isEqualTo(help.out());
    assertThat(Ran.run(Map.of(), "help").out()).isEqualTo(help.out());
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyCommandTeachesByExamples(String name) {
    Ran help = Ran.run(Map.of(), "help", name);
    assertThat(help.exitCode()).isZero();
    assertThat(help.out()).contains("Usage: freshet " + name, "Examples:");
    assertThat(Ran.run(Map.of(), name, "--help").out()).isEqualTo(help.out());
  }

  @Test
  void globalOptionsStandBeforeOrAfterTheCommand() {
    String url = "postgresql://127.0.0.1:1/nowhere";
    Ran before = Ran.run(Map.of(), "--json", "--url", url, "status");
    Ran after = Ran.run(Map.of(), "status", "--url", url, "--json");
    assertThat(before).isEqualTo(after);
    assertThat(before.exitCode()).isEqualTo(3);
    assertThat(before.err()).contains("\"sql_state\" : \"08001\"");
  }

  @Test
  void colourIsForThoseWhoAskForIt() {
    String[] refused = {"refresh", "--color=always"};
    assertThat(Ran.run(Map.of(), refused).err()).startsWith("\033[31mERROR:\033[0m  name the");
    assertThat(Ran.run(Map.of(), "refresh").err()).startsWith("ERROR:  name the");
    assertThat(Ran.run(Map.of(), "--color=always", "--help").out()).contains("\033[1mCommands:");
  }

  @Test
  void withoutAServerItSaysWhatToDo() {
    Ran ran = Ran.run(Map.of(), "status");
    assertThat(ran.exitCode()).isEqualTo(3);
    assertThat(ran.err()).startsWith("ERROR:  no database to connect to\nHINT:  Name one with");
  }

  @Test
  void neverShowsAPassword() {
    String url = "postgresql://me:hush-hush@127.0.0.1:1/db";
    for (String[] arguments :
        List.of(
            new String[] {"status", "--url", url},
            new String[] {"status", "--url", url, "--json"},
            new String[] {"uninstall", "--url", url, "--yes"},
            new String[] {"uninstall", "--url", url},
            new String[] {"status", "--url", "x" + url},
            new String[] {"status", "--url", url + "?nonsense=1"})) {
      Ran ran = Ran.run(Map.of("PGPASSWORD", "hush-hush"), arguments);
      assertThat(ran.exitCode()).isNotZero();
      assertThat(ran.out() + ran.err()).doesNotContain("hush");
    }
  }
}
