package dev.freshet.app.command;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/// The help of one command: its own options; the global ones are named in one line.
final class CommandHelp {
  private static final String GLOBAL =
      "Global options (--url, --json, --color, --quiet): freshet --help%n".formatted();

  private CommandHelp() {}

  static void shape(CommandLine command) {
    UsageMessageSpec usage = command.getCommandSpec().usageMessage();
    usage.abbreviateSynopsis(true);
    usage.synopsisHeading("@|bold Usage:|@ ");
    usage.descriptionHeading("%n");
    usage.parameterListHeading("%n");
    usage.optionListHeading("%n");
    usage.commandListHeading("%n@|bold Commands:|@%n");
    usage.footerHeading("%n@|bold Examples:|@%n");
    command.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, CommandHelp::options);
    command.getSubcommands().values().forEach(CommandHelp::shape);
  }

  private static String options(Help help) {
    List<OptionSpec> own =
        help.commandSpec().options().stream().filter(option -> !option.inherited()).toList();
    String list = own.isEmpty() ? "" : help.optionListExcludingGroups(own) + "%n".formatted();
    return list + GLOBAL;
  }
}
