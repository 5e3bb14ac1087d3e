package dev.freshet.compiler.sql;

import dev.freshet.compiler.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.antlr.v4.runtime.Token;
import org.jspecify.annotations.Nullable;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLLexer;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Storage_parameter_optionContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Storage_parametersContext;

/// Reads the list of `WITH (name = value, ...)`.
final class OptionListReader {
  private static final Set<String> NAMESPACES = Set.of("freshet", "toast");

  private final SqlText source;
  private final NameReader names;

  private OptionListReader(SqlText source) {
    this.source = source;
    this.names = new NameReader(source);
  }

  /// The settings in the order of the list; none when there is no list.
  static List<OptionSetting> read(SqlText source, @Nullable Storage_parametersContext tree) {
    if (tree == null) {
      return List.of();
    }
    OptionListReader reader = new OptionListReader(source);
    List<OptionSetting> settings = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Storage_parameter_optionContext option : tree.storage_parameter_option()) {
      OptionSetting setting = reader.readSetting(option);
      if (!seen.add(setting.name())) {
        String message = "parameter \"" + setting.name() + "\" specified more than once";
        throw Refusal.at(source, Span.of(option), Problem.of("22023", message));
      }
      settings.add(setting);
    }
    return List.copyOf(settings);
  }

  private OptionSetting readSetting(Storage_parameter_optionContext option) {
    Span nameSpan = Span.of(option.storage_parameter_name());
    String name =
        option.storage_parameter_name().col_label().stream()
            .map(names::name)
            .collect(Collectors.joining("."));
    checkNamespace(name, nameSpan);
    if (option.vex() == null) {
      return new OptionSetting(name, "true", new OptionSetting.Source(source, nameSpan, nameSpan));
    }
    Span valueSpan = Span.of(option.vex());
    String value = readValue(option.vex().getStart(), option.vex().getStop());
    return new OptionSetting(name, value, new OptionSetting.Source(source, nameSpan, valueSpan));
  }

  private void checkNamespace(String name, Span span) {
    int dot = name.indexOf('.');
    if (dot >= 0 && !NAMESPACES.contains(name.substring(0, dot))) {
      String message = "unrecognized parameter namespace \"" + name.substring(0, dot) + "\"";
      String hint = "Options of Freshet begin with \"freshet.\".";
      throw Refusal.at(source, span, Problem.of("22023", message).withHint(hint));
    }
  }

  /// A value is a string, a number with or without a sign, or a word.
  private String readValue(Token first, Token last) {
    boolean signed =
        (first.getType() == SQLLexer.MINUS || first.getType() == SQLLexer.PLUS)
            && last.getStartIndex() == first.getStopIndex() + 1;
    if (!first.equals(last) && !signed) {
      throw Refusal.syntax(source, last);
    }
    return switch (last.getType()) {
      case SQLLexer.StringConstant, SQLLexer.UnicodeEscapeStringConstant ->
          Unquote.literal(last.getText(), '\\');
      case SQLLexer.Integer, SQLLexer.Numeric -> source.slice(Span.of(first, last));
      case SQLLexer.Identifier,
          SQLLexer.QuotedIdentifier,
          SQLLexer.TRUE,
          SQLLexer.FALSE,
          SQLLexer.ON ->
          Unquote.name(last.getText(), '\\');
      default -> throw Refusal.syntax(source, last);
    };
  }
}
