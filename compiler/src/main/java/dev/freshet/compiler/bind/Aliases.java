package dev.freshet.compiler.bind;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/// Hands out names that occur once in a whole view, so that an expression can move between queries.
final class Aliases {
  private final Set<String> used = new HashSet<>(Set.of("i"));

  String unique(String wanted) {
    String alias = unusedName(wanted, used);
    used.add(alias);
    return alias;
  }

  static String unusedName(String wanted, Collection<String> used) {
    String stem = wanted.length() > 50 ? wanted.substring(0, 50) : wanted;
    String name = stem;
    for (int i = 1; used.contains(name); i++) {
      name = stem + "_" + i;
    }
    return name;
  }
}
