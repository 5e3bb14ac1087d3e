package dev.freshet.compiler.sql;

import dev.freshet.compiler.Problem;
import org.antlr.v4.runtime.ParserRuleContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Schema_qualified_nameContext;

/// Names of what a file creates: one that PostgreSQL would cut short is refused, because two such
/// names can become one.
final class DeclaredName {
  private DeclaredName() {}

  static ObjectName of(NameReader names, Schema_qualified_nameContext tree) {
    ObjectName name = names.objectName(tree);
    tree.identifier_reserved().forEach(part -> checkLength(names, part));
    checkLength(names, tree.identifier());
    return name;
  }

  static String of(NameReader names, ParserRuleContext tree) {
    checkLength(names, tree);
    return names.name(tree);
  }

  private static void checkLength(NameReader names, ParserRuleContext tree) {
    String name = names.fullName(tree);
    if (!Unquote.truncated(name).equals(name)) {
      Span span = Span.of(tree);
      String message = "name " + names.source().slice(span) + " is too long";
      String detail = "PostgreSQL cuts names at " + Unquote.NAME_BYTES + " bytes.";
      Problem problem = Problem.of("42622", message).withDetail(detail);
      throw Refusal.at(names.source(), span, problem);
    }
  }
}
