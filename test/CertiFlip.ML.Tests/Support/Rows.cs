using Microsoft.ML;
using Microsoft.ML.Data;

namespace CertiFlip.ML.Tests.Support;

/// <summary>A row with labels of every kind that ML.NET's users have.</summary>
internal sealed class Row
{
    public string Name { get; set; } = "";

    public bool Flag { get; set; }

    public float Number { get; set; }

    public int Whole { get; set; }

    public bool Trusted { get; set; }

    public string Text { get; set; } = "";

    [VectorType(4)]
    public float[] Features { get; set; } = new float[4];
}

/// <summary>What the columns of a certified head say of a row whose label is a text or a Boolean.</summary>
internal sealed record Verdict(object? Prediction, float[] Scores, int Radius, bool Certified);

/// <summary>Rows made up for tests, and what a model says of them.</summary>
internal static class Rows
{
    private static readonly string[] Names = ["ant", "bee", "cat"];

    /// <summary>Three clusters of rows with some noise, and some labels that are wrong.</summary>
    public static Row[] Make(int count, int seed = 1, int classes = 3)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            int c = i % classes, label = random.Next(20) == 0 ? random.Next(classes) : c;
            float[] features = [.. Enumerable.Range(0, 4).Select(k => (float)(random.NextDouble() - 0.5) + (k == c ? 1 : 0))];
            return new Row
            {
                Name = Names[label], Flag = label == 1, Number = label, Whole = label, Features = features, Trusted = i % 5 == 0,
                Text = $"word{c} word{random.Next(9)} thing{random.Next(30)}",
            };
        })];
    }

    /// <summary>The verdicts on all rows of a view.</summary>
    public static Verdict[] Read(IDataView view)
    {
        DataViewSchema schema = view.Schema;
        using DataViewRowCursor cursor = view.GetRowCursor(schema);
        Func<object?> prediction = Getter(cursor, schema["PredictedLabel"]), score = Getter(cursor, schema["Score"]);
        ValueGetter<int> radius = cursor.GetGetter<int>(schema["Radius"]);
        ValueGetter<bool> certified = cursor.GetGetter<bool>(schema["Certified"]);
        List<Verdict> verdicts = [];
        while (cursor.MoveNext())
        {
            int r = 0;
            bool c = false;
            radius(ref r);
            certified(ref c);
            verdicts.Add(new Verdict(prediction(), score() is float[] scores ? scores : [(float)score()!], r, c));
        }

        return [.. verdicts];
    }

    private static Func<object?> Getter(DataViewRow row, DataViewSchema.Column column) => column.Type.RawType switch
    {
        { } type when type == typeof(bool) => Value<bool>(row, column, value => value),
        { } type when type == typeof(float) => Value<float>(row, column, value => value),
        { } type when type == typeof(int) => Value<int>(row, column, value => value),
        { } type when type == typeof(uint) => Value<uint>(row, column, value => value),
        { } type when type == typeof(ReadOnlyMemory<char>) => Value<ReadOnlyMemory<char>>(row, column, value => value.ToString()),
        _ => Value<VBuffer<float>>(row, column, value => value.DenseValues().ToArray()),
    };

    private static Func<object?> Value<T>(DataViewRow row, DataViewSchema.Column column, Func<T, object?> boxed)
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        return () =>
        {
            T value = default!;
            getter(ref value);
            return boxed(value);
        };
    }
}
