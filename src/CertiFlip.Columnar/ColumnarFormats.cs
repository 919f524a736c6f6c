using CertiFlip.Data;
using CertiFlip.Data.Formats;

namespace CertiFlip.Columnar;

/// <summary>
/// The formats of this package, for <see cref="TableReader"/>: <c>new TableReader(ColumnarFormats.All)</c>.
/// </summary>
/// <remarks>Their libraries are loaded when a file in one of these formats is read, and not before.</remarks>
public static class ColumnarFormats
{
    /// <summary>Parquet, and Arrow's file and stream formats, of which Feather's version 2 is one.</summary>
    public static IReadOnlyList<ITableFormat> All { get; } = [new Parquet(), new Arrow()];

    private sealed class Parquet : ITableFormat
    {
        public string Name => "Parquet";

        public bool Recognises(InputFile file) => file.Start.StartsWith("PAR1"u8) && EndsWith(file, "PAR1"u8);

        public Table Read(InputFile file, TableOptions options) => Guard(file, options, ParquetTable.Read);
    }

    private sealed class Arrow : ITableFormat
    {
        // A stream begins with the length of its schema.
        private const int LongestSchema = 1 << 26;

        public string Name => "Arrow";

        public bool Recognises(InputFile file) => IsFile(file) || IsStream(file.Start);

        public Table Read(InputFile file, TableOptions options) =>
            Guard(file, options, (open, budget, how) => ArrowTable.Read(open, IsFile(file), budget, how));

        private static bool IsFile(InputFile file) => file.Start.StartsWith("ARROW1\0\0"u8);

        private static bool IsStream(ReadOnlySpan<byte> start) =>
            start.Length >= 16 && BitConverter.ToInt32(start) == -1 && BitConverter.ToInt32(start[4..]) is > 0 and < LongestSchema;
    }

    /// <summary>A table of text may begin with the same letters.</summary>
    private static bool EndsWith(InputFile file, ReadOnlySpan<byte> mark)
    {
        if (file.Length < 2 * mark.Length)
            return false;
        if (file.Start.Length == file.Length)
            return file.Start.EndsWith(mark);
        using Stream content = file.OpenAnywhere();
        content.Position = file.Length - mark.Length;
        Span<byte> end = stackalloc byte[mark.Length];
        content.ReadExactly(end);
        return end.SequenceEqual(mark);
    }

    /// <summary>Whatever a library throws says that the file is at fault.</summary>
    private static Table Guard(InputFile file, TableOptions options, Func<InputFile, ReadBudget, TableOptions, Table> read)
    {
        // A few bytes can stand for many values, as in a compressed file.
        var budget = new ReadBudget(file.Path, file.Length, isPacked: true, ReaderOptions.Current);
        try
        {
            return read(file, budget, options);
        }
        catch (OutOfMemoryException)
        {
            // Arrow's library allocates what a file says, before it looks whether that can be.
            throw new DataException($"{file.Path}: the file is damaged, or says that it is larger than what fits in memory.");
        }
        catch (Exception e) when (
            e is not (DataException or OperationCanceledException or UnauthorizedAccessException))
        {
            throw new DataException(
                $"{file.Path}: the file is damaged, or uses something of its format that is not read "
                + $"({Brief(e.Message)}); in Python, read it "
                + "and write it again with pandas: pandas.read_parquet(file).to_parquet(other).", e);
        }
    }

    private static string Brief(string message)
    {
        const int Longest = 120;
        string line = message.ReplaceLineEndings(" ");
        return line.Length <= Longest ? line : line[..Longest] + "…";
    }
}
