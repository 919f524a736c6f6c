using System.Globalization;
using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CertiFlip.ML;

/// <summary>
/// What the labels of a view are: a key, a text, true or false, or a number. Predictions are of the same type.
/// </summary>
internal sealed class LabelColumn
{
    private const string KeyValues = "KeyValues";

    private static readonly DataViewType[] Plain =
    [
        BooleanDataViewType.Instance, TextDataViewType.Instance, NumberDataViewType.Single, NumberDataViewType.Double,
        NumberDataViewType.SByte, NumberDataViewType.Byte, NumberDataViewType.Int16, NumberDataViewType.UInt16,
        NumberDataViewType.Int32, NumberDataViewType.UInt32, NumberDataViewType.Int64, NumberDataViewType.UInt64,
    ];

    private LabelColumn(DataViewType type, string[] keys, DataViewType? keyValues) => (Type, Keys, KeyValueType) = (type, keys, keyValues);

    /// <summary>The type of the column.</summary>
    public DataViewType Type { get; }

    /// <summary>The names of a key's values, in the key's order; empty where the label is no key.</summary>
    public IReadOnlyList<string> Keys { get; }

    /// <summary>Whether the type alone says which classes there are.</summary>
    public bool StatesClasses => Type is BooleanDataViewType;

    /// <summary>The type of the key's values, null where it has none.</summary>
    private DataViewType? KeyValueType { get; }

    /// <summary>The column of a name.</summary>
    /// <param name="schema">The columns there are.</param>
    /// <param name="name">The name.</param>
    /// <param name="what">What the column is for.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static DataViewSchema.Column Named(DataViewSchema schema, string name, string what) =>
        schema.GetColumnOrNull(name) ?? throw new ArgumentException(
            $"There is no {what} column '{name}'. The columns are: {string.Join(", ", schema.Select(column => column.Name))}.");

    /// <summary>Reads what a column is.</summary>
    /// <exception cref="ArgumentException">It cannot be a label.</exception>
    public static LabelColumn Of(DataViewSchema.Column column)
    {
        if (column.Type is not KeyDataViewType key)
        {
            return Plain.Contains(column.Type)
                ? new LabelColumn(column.Type, [], null)
                : throw new ArgumentException(
                    $"The label column '{column.Name}' is {column.Type}; a key, a text, a Boolean or a number is needed.");
        }

        if (key.Count is < 2 or > int.MaxValue)
            throw new ArgumentException(
                $"The label column '{column.Name}' is a key of {key.Count} values; two or more classes are needed.");
        if (column.Annotations.Schema.GetColumnOrNull(KeyValues) is not { Type: VectorDataViewType values })
            return new LabelColumn(key, [.. Enumerable.Range(1, (int)key.Count).Select(InWords)], null);
        string[] names = (string[])Generic(nameof(NamesOf), values.ItemType.RawType).Invoke(null, [column])!;
        return new LabelColumn(key, names, Plain.Contains(values.ItemType) ? values.ItemType : TextDataViewType.Instance);
    }

    /// <summary>Restores what <see cref="Store"/> made.</summary>
    public static LabelColumn Restore(ModelArrays arrays)
    {
        DataViewType? ByName(string name) => Array.Find(Plain, type => type.ToString() == name);
        string[] keys = arrays.Texts("keys");
        return arrays.Texts("type") switch
        {
            [var name] when ByName(name) is { } type && keys.Length == 0 => new LabelColumn(type, keys, null),
            ["key", var raw, var values] when Array.Find(KeyTypes, type => type.Name == raw) is { } key && keys.Length >= 2 =>
                new LabelColumn(new KeyDataViewType(key, keys.Length), keys, ByName(values)),
            _ => throw new ArgumentException("The type of the label is none that there is."),
        };
    }

    private static Type[] KeyTypes => [typeof(byte), typeof(ushort), typeof(uint), typeof(ulong)];

    public void Store(ModelArrays arrays)
    {
        arrays.Add("type", Type is KeyDataViewType key ? ["key", key.RawType.Name, $"{KeyValueType}"] : [$"{Type}"]);
        arrays.Add("keys", [.. Keys]);
    }

    /// <summary>The classes, as far as the type of the column says them.</summary>
    /// <param name="stated">What the user states, if anything.</param>
    /// <param name="labels">The labels that there are.</param>
    /// <exception cref="ArgumentException">
    /// What is stated does not fit the key, or there are fewer than two classes.
    /// </exception>
    public ClassList Classes(ClassList? stated, IReadOnlyList<string> labels)
    {
        string[] own = StatesClasses ? [bool.FalseString, bool.TrueString] : [.. Keys];
        if (stated is not null && own.Length > 0 && (stated.Count != own.Length || !own.All(name => stated.TryFind(name, out _))))
        {
            throw new ArgumentException(
                $"The classes stated are {string.Join(", ", stated)}, but the label column has {string.Join(", ", own)}. "
                + "A key gets its values from MapValueToKey's keyData.");
        }

        if (stated is not null || StatesClasses)
            return stated ?? ClassList.Of(own);

        // MapValueToKey read the values of a key off the labels: a list that nobody stated.
        return ClassList.FromLabels(own.Length > 0 ? [.. ClassList.Of(own)] : labels);
    }

    /// <summary>
    /// Gives what reads the label of the row that a cursor is at: the name of its class, or null where it is missing.
    /// </summary>
    public Func<string?> ReaderOf(DataViewRow row, DataViewSchema.Column column) =>
        (Func<string?>)Generic(nameof(ReaderFor), Type.RawType).Invoke(this, [row, column])!;

    /// <summary>Gives what writes a prediction.</summary>
    /// <param name="names">The names of the classes, in the order of the scores.</param>
    /// <param name="prediction">The place of the predicted class among them; -1 where there is none.</param>
    public Delegate GetterOf(IReadOnlyList<string> names, Func<int> prediction) =>
        (Delegate)Generic(nameof(GetterFor), Type.RawType).Invoke(this, [names, prediction])!;

    /// <summary>Adds the key's values to a column's annotations.</summary>
    public void Annotate(DataViewSchema.Annotations.Builder annotations)
    {
        if (KeyValueType is { } type)
            Generic(nameof(AddKeyValues), type.RawType).Invoke(this, [annotations, type]);
    }

    private static MethodInfo Generic(string name, Type type) => typeof(LabelColumn)
        .GetMethod(name, BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(type);

    private static string InWords(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string[] NamesOf<T>(DataViewSchema.Column column)
    {
        VBuffer<T> values = default;
        column.Annotations.GetValue(KeyValues, ref values);
        return [.. values.DenseValues().Select(value => NameOf(value) ?? "")];
    }

    /// <summary>The name of a class; null where the label is missing.</summary>
    private static string? NameOf<T>(T value) => value switch
    {
        ReadOnlyMemory<char> text => text.Span.IsWhiteSpace() ? null : text.ToString(),
        float number => float.IsNaN(number) ? null : number.ToString("R", CultureInfo.InvariantCulture),
        double number => double.IsNaN(number) ? null : number.ToString("R", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value?.ToString(),
    };

    private static T ValueOf<T>(string name) => typeof(T) == typeof(ReadOnlyMemory<char>)
        ? (T)(object)name.AsMemory()
        : (T)Convert.ChangeType(name, typeof(T), CultureInfo.InvariantCulture);

    private Func<string?> ReaderFor<T>(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            if (Keys.Count == 0)
                return NameOf(value);
            ulong key = Convert.ToUInt64(value, CultureInfo.InvariantCulture);
            return key == 0 || key > (ulong)Keys.Count ? null : Keys[(int)key - 1];
        };
    }

    private ValueGetter<T> GetterFor<T>(IReadOnlyList<string> names, Func<int> prediction)
    {
        T[] values = [.. names.Select((name, place) => Keys.Count == 0
            ? ValueOf<T>(name) : (T)Convert.ChangeType(place + 1, typeof(T), CultureInfo.InvariantCulture))];
        T missing = typeof(T) == typeof(float) || typeof(T) == typeof(double) ? ValueOf<T>("NaN") : default!;
        return (ref T value) => value = prediction() is >= 0 and var place ? values[place] : missing;
    }

    private void AddKeyValues<T>(DataViewSchema.Annotations.Builder annotations, DataViewType type)
    {
        T[] values = [.. Keys.Select(ValueOf<T>)];
        annotations.Add<VBuffer<T>>(
            KeyValues, new VectorDataViewType((PrimitiveDataViewType)type, values.Length),
            (ref VBuffer<T> value) => value = new VBuffer<T>(values.Length, values));
    }
}
