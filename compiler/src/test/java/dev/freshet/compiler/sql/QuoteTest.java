package dev.freshet.compiler.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuoteTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "orders | orders",
        "_a1 | _a1",
        "Orders | \"Orders\"",
        "select | \"select\"",
        "left | \"left\"",
        "between | \"between\"",
        "value | value",
        "1a | \"1a\"",
        "a b | \"a b\"",
        "a;b | \"a;b\"",
        "a\"b | \"a\"\"b\"",
        "a$b | \"a$b\"",
        "\u00E4 | \"\u00E4\""
      })
  void quotesNamesThatNeedIt(String name, String sql) {
    assertThat(Quote.name(name)).isEqualTo(sql);
    assertThat(QualifiedName.parse(sql)).isEqualTo(QualifiedName.of(name));
    assertThat(QualifiedName.parse(sql + "." + sql)).isEqualTo(new QualifiedName(name, name));
  }

  @Test
  void refusesNamesThatCannotBe() {
    assertThatThrownBy(() -> Quote.name("")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Quote.name("a\0")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Quote.literal("a\0")).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "it's", "a\\b", "\\'", "line\nline", "\uD83D\uDE00", "$$", "--"})
  void readsBackTheLiteralsItWrites(String value) {
    assertThat(Unquote.literal(Quote.literal(value), '\\')).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'a''b' | a'b",
        "E'a\\'b''c\\\\' | a'b'c\\",
        "e'\\101\\x42\\u0043\\U00000044' | ABCD",
        "E'\\303\\244\\uD83D\\uDE00' | \u00E4\uD83D\uDE00",
        "$x$a$$b$x$ | a$$b",
        "U&'\\0061\\\\''\\+01F600' | a\\'\uD83D\uDE00",
        "N'n' | n"
      })
  void readsLiteralsInEveryForm(String source, String value) {
    assertThat(Unquote.literal(source, '\\')).isEqualTo(value);
  }

  @Test
  void cutsNamesBetweenCharacters() {
    assertThat(Unquote.truncated("\u00E4".repeat(40))).isEqualTo("\u00E4".repeat(31));
    assertThat(Unquote.truncated("a".repeat(63))).hasSize(63);
  }

  @Test
  void nothingEndsAComment() {
    assertThat(Quote.comment("a\nb\rc\r\nd")).isEqualTo("a b c  d");
  }
}
