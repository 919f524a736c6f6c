using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using CertiFlip.Data;
using CertiFlip.Data.Formats;

namespace CertiFlip.Columnar;

/// <summary>The values of a column that is no vector, as they come from a file.</summary>
/// <param name="path">The file.</param>
/// <param name="name">The column's name.</param>
/// <param name="isText">Whether numbers are kept as text.</param>
/// <param name="classes">Names of the numbers 0, 1 and so on, where the file gives them; null otherwise.</param>
/// <param name="budget">How much room there is.</param>
internal sealed class ColumnValues(string path, string name, bool isText, IReadOnlyList<string>? classes, ReadBudget budget)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // PNG, JPEG, GIF, WebP and other RIFF, BMP, TIFF.
    private static readonly byte[][] Images =
    [
        [0x89, (byte)'P', (byte)'N', (byte)'G'], [0xFF, 0xD8, 0xFF], [.. "GIF8"u8], [.. "RIFF"u8], [.. "BM"u8], [.. "II*\0"u8],
        [.. "MM\0*"u8],
    ];

    private readonly Dictionary<string, string> _known = [];
    private readonly List<double> _numbers = [];
    private List<string?>? _texts = isText || classes is not null ? [] : null;
    private List<byte[]?>? _bytes;

    /// <summary>How many values there are, with gaps.</summary>
    public int Rows { get; private set; }

    /// <summary>Adds a number.</summary>
    /// <exception cref="DataException">It is infinite.</exception>
    public void Add<T>(T value)
        where T : INumberBase<T>
    {
        if (_texts is not null)
        {
            Add(classes is null ? value.ToString(null, CultureInfo.InvariantCulture) : ClassOf(int.CreateSaturating(value)));
            return;
        }

        double number = double.CreateTruncating(value);
        if (double.IsInfinity(number))
            throw new DataException($"{Place}: the value is infinite; drop or fill in such rows.");
        budget.Take(sizeof(double));
        _numbers.Add(number);
        Rows++;
    }

    /// <summary>Adds true or false: 1 or 0, or the words.</summary>
    public void Add(bool value)
    {
        if (_texts is null)
            Add(value ? 1 : 0);
        else
            Add(value ? "true" : "false");
    }

    /// <summary>Adds a text; null is a gap.</summary>
    public void Add(string? text)
    {
        _texts ??= [.. Enumerable.Repeat<string?>(null, Rows)];
        budget.Take(IntPtr.Size);
        if (text is not null && !_known.TryGetValue(text, out string? same))
        {
            budget.Take(ReadBudget.BytesOf(text));
            _known.Add(text, text);
        }

        _texts.Add(text is null ? null : _known[text]);
        Rows++;
    }

    /// <summary>Adds bytes: an image, or text in UTF-8.</summary>
    public void Add(byte[] value)
    {
        _bytes ??= [.. Enumerable.Repeat<byte[]?>(null, Rows)];
        budget.Take(value.Length + IntPtr.Size);
        _bytes.Add(value);
        Rows++;
    }

    /// <summary>Adds a gap.</summary>
    public void AddGap()
    {
        budget.Take(sizeof(double));
        if (_bytes is not null)
            _bytes.Add(null);
        else if (_texts is not null)
            _texts.Add(null);
        else
            _numbers.Add(double.NaN);
        Rows++;
    }

    /// <summary>The column.</summary>
    /// <exception cref="DataException">It has bytes that are no images and no text, or an image is missing.</exception>
    public TableColumn ToColumn()
    {
        if (_bytes is null)
            return _texts is not null ? new TextColumn(name, _texts) : new NumberColumn(name, [.. _numbers]);
        if (_bytes.Exists(bytes => bytes is not null && Array.Exists(Images, image => bytes.AsSpan().StartsWith(image))))
        {
            return new ImageColumn(name.EndsWith(".bytes", StringComparison.Ordinal) ? name[..^".bytes".Length] : name,
                [.. _bytes.Index().Select(row => row.Item is { } bytes
                    ? new StoredImage($"{path}, '{name}' of row {row.Index} (from 0)", () => new MemoryStream(bytes, writable: false))
                    : throw new DataException($"{path}, '{name}', row {row.Index} (from 0): the image is missing; drop such rows."))]);
        }

        try
        {
            return new TextColumn(name, [.. _bytes.Select(bytes => bytes is null ? null : Utf8.GetString(bytes))]);
        }
        catch (DecoderFallbackException e)
        {
            throw new DataException(
                $"{path}: column '{name}' holds bytes that are no images and no text; pass over it with --ignore {name}.", e);
        }
    }

    /// <summary>
    /// Names of classes that a file's description of its features gives, as Hugging Face's data sets have it.
    /// </summary>
    /// <param name="json">The description; null where there is none.</param>
    public static Dictionary<string, IReadOnlyList<string>> ClassNames(string? json)
    {
        Dictionary<string, IReadOnlyList<string>> names = [];
        if (json is null)
            return names;
        try
        {
            using var document = JsonDocument.Parse(json);
            if (!document.RootElement.TryGetProperty("info", out JsonElement info)
                || !info.TryGetProperty("features", out JsonElement features))
                return names;
            foreach (JsonProperty feature in features.EnumerateObject())
            {
                if (feature.Value.ValueKind == JsonValueKind.Object && feature.Value.TryGetProperty("names", out JsonElement list)
                    && list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(name => name.ValueKind == JsonValueKind.String))
                {
                    names[feature.Name] = [.. list.EnumerateArray().Select(name => name.GetString()!)];
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // A description that is damaged gives no names; the numbers are there all the same.
            names.Clear();
        }

        return names;
    }

    private string Place => $"{path}, column '{name}', row {Rows} (from 0)";

    /// <summary>−1 is a label that is not known.</summary>
    private string? ClassOf(int number) =>
        number == -1 ? null
        : number >= 0 && number < classes!.Count ? classes[number]
        : throw new DataException($"{Place}: there is no class {number}; the file names {classes!.Count}.");
}
