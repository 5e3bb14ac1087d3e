package dev.freshet.compiler.explain;

import dev.freshet.compiler.sql.Span;
import dev.freshet.compiler.sql.SqlText;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds the part of a query that stands in the way in the text that the user wrote. What is
/// compiled is PostgreSQL's own spelling of it: the same clauses in the same order, with stars
/// expanded and names qualified. So a word that occurs as often in both most likely stands for the
/// same thing.
///
/// @param reason why it is declined
/// @param part where in the canonical query, if known
/// @param canonical what was compiled
public record Obstacle(String reason, Optional<Span> part, SqlText canonical) {
  private static final Pattern KEYWORD = Pattern.compile("^[A-Z]{2,}");

  /// Where the user wrote it; empty if that cannot be told.
  ///
  /// @param view of the query in the text
  public Optional<Span> find(SqlText written, Span view) {
    List<Span> words = canonical.words(new Span(0, canonical.text().length()));
    Words compiled = new Words(canonical, words);
    Words all = new Words(written, written.words(view));
    return part.filter(known -> known.start() > 0)
        .flatMap(known -> compiled.first(words.stream().filter(known::contains).toList(), all))
        .or(() -> compiled.first(named(compiled), all));
  }

  /// The word that the reason begins with, as LIMIT.
  private List<Span> named(Words compiled) {
    Matcher keyword = KEYWORD.matcher(reason);
    List<Span> named = keyword.find() ? compiled.equal(keyword.group()) : List.of();
    return named.size() == 1 ? named : List.of();
  }

  /// Names and keywords of a text, in order.
  private record Words(SqlText text, List<Span> spans) {
    /// Where the first of some words is in the other text that occurs there as often.
    Optional<Span> first(List<Span> words, Words other) {
      return words.stream().flatMap(word -> same(word, other).stream()).findFirst();
    }

    private Optional<Span> same(Span word, Words other) {
      List<Span> ours = equal(text.slice(word));
      List<Span> theirs = other.equal(text.slice(word));
      return ours.size() == theirs.size()
          ? Optional.of(theirs.get(ours.indexOf(word)))
          : Optional.empty();
    }

    List<Span> equal(String word) {
      return spans.stream().filter(span -> text.slice(span).equalsIgnoreCase(word)).toList();
    }
  }
}
