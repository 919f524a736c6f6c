using System.Text.Json;
using CertiFlip.Data.Tests.Support;

namespace CertiFlip.Data.Tests.Tables;

public sealed class JsonTableTests : IDisposable
{
    private const string Lines = """
        {"text": "hello, \"you\"", "label": "ham", "n": 1.5, "ok": true, "e": [1, 2], "meta": {"lang": "en", "score": 3}}
        {"label": "spam", "text": "win £5", "ok": false, "n": null, "e": [0.5, -2e1], "meta": {"lang": "de"}, "late": "x"}
        """;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("x.jsonl", Lines)]
    [InlineData("x.json", Lines + "\n\n")]
    [InlineData("x.csv", Lines)]
    [InlineData("x", Lines)]
    public void Lines_of_objects_are_rows(string name, string content) => Check(Read(name, content));

    [Fact]
    public void An_array_of_objects_is_rows()
    {
        string array = "[" + string.Join(",\n", Lines.Split('\n')) + "]";
        Check(Read("x.json", array));
        using var document = JsonDocument.Parse(array);
        Check(TableReader.FromJson("request", document.RootElement.EnumerateArray()));
    }

    [Fact]
    public void Columns_that_are_kept_as_text_are_as_they_are_written()
    {
        var options = new TableOptions { AsText = ["id", "label"], Ignored = ["drop", "meta.a"] };
        Table table = Read("x.jsonl", """
            {"id": 1.0, "label": true, "drop": {"x": 1}, "meta": {"a": 1, "b": 2}}
            {"id": 12345678901234567890, "label": false, "drop": ["x"], "meta": {"a": 1, "b": 2}}
            """, options);
        Assert.Equal(["1.0", "12345678901234567890"], Texts(table, "id"));
        Assert.Equal(["true", "false"], Texts(table, "label"));
        Assert.Equal(["id", "label", "meta.b"], table.Columns.Select(column => column.Name));
        Assert.Equal(["drop", "meta.a"], table.IgnoredColumns.Order());
    }

    [Theory]
    [InlineData("0", "1", "true")]
    [InlineData("true", "null", "1")]
    [InlineData("false", "\"x\"", "\"y\"")]
    [InlineData("\"true\"", "\"x\"", "true")]
    public void Truth_values_among_others_are_refused(params string[] values)
    {
        foreach (string[] asText in (string[][])[[], ["label"]])
        {
            Refusal.Of(
                () => Read("x.jsonl", string.Join('\n', values.Select(value => $$"""{"label": {{value}}}""")), new TableOptions
                {
                    AsText = asText,
                }),
                "x.jsonl", "'label'", "true and false");
        }
    }

    [Fact]
    public void Numbers_before_a_text_are_kept_as_they_are_written() =>
        Assert.Equal(["1.50", null, "x", "2"], Texts(Read("x.jsonl", """
            {"a": 1.50, "b": 0}
            {"a": null, "b": 0}
            {"a": "x", "b": 0}
            {"a": 2, "b": 0}
            """), "a"));

    [Theory]
    [InlineData("""{"a": 1}{"a": }""", "line 1|lines=True")]
    [InlineData("""[{"a": 1}, 3]""", "row 1|'3'")]
    [InlineData("[[1, 2], [3, 4]]", "row 0|a list")]
    [InlineData("""[{"a": 1}""", "line 1")]
    [InlineData("""{"a": ["x", "y"]}""", "'a'|lines=True")]
    [InlineData("""{"a": {"0": 1, "1": 2}}""", "one after the other|lines=True")]
    [InlineData("""{"data": [{"a": 1}]}""", "'data'|an object")]
    [InlineData("""{"a": [1, 2]}{"a": [1]}""", "row 1|1 numbers|have 2")]
    [InlineData("""{"a": [1, 2]}{"b": 1}""", "missing")]
    [InlineData("""{"a": []}""", "empty")]
    [InlineData("""{"a": [[1]]}""", "a list")]
    [InlineData("""{"a": 1e999}""", "1e999")]
    [InlineData("""{"a": 1, "a": 2}""", "twice")]
    [InlineData("""{}""", "no row")]
    [InlineData("[]", "no row")]
    public void What_makes_no_table_is_refused(string content, string words) =>
        Refusal.Of(() => Read("x.json", content), ["x.json", .. words.Split('|')]);

    [Fact]
    public void Json_in_utf_16_is_read() => Assert.Equal(["é"], Texts(
        new TableReader().Read(_folder.Write("x.json", [0xFF, 0xFE, .. System.Text.Encoding.Unicode.GetBytes("[{\"a\": \"é\"}]")])), "a"));

    private static void Check(Table table)
    {
        Assert.Equal(["text", "label", "n", "ok", "e", "meta.lang", "meta.score", "late"], table.Columns.Select(column => column.Name));
        Assert.Equal(["hello, \"you\"", "win £5"], Texts(table, "text"));
        Assert.Equal([1.5, double.NaN], Assert.IsType<NumberColumn>(table.Find("n")).Values.ToArray());
        Assert.Equal([1, 0], Assert.IsType<NumberColumn>(table.Find("ok")).Values.ToArray());
        Assert.Equal([1, 2, 0.5, -20], Assert.IsType<VectorColumn>(table.Find("e")).Values.Values.ToArray());
        Assert.Equal([3, double.NaN], Assert.IsType<NumberColumn>(table.Find("meta.score")).Values.ToArray());
        Assert.Equal([null, "x"], Texts(table, "late"));
    }

    private Table Read(string name, string content, TableOptions? options = null) =>
        new TableReader().Read(_folder.Write(name, content), options);

    private static IReadOnlyList<string?> Texts(Table table, string column) => Assert.IsType<TextColumn>(table.Find(column)).Values;
}
