using System.Text;

namespace CertiFlip.Fuzz;

/// <summary>One family of files: where inputs begin, and what must hold for whatever becomes of them.</summary>
internal sealed record Target
{
    /// <summary>What the command line calls it.</summary>
    public required string Name { get; init; }

    /// <summary>The extension of its files, which some readers go by.</summary>
    public required string Extension { get; init; }

    /// <summary>Inputs to begin with. They are the same in every run.</summary>
    public required IReadOnlyList<byte[]> Seeds { get; init; }

    /// <summary>
    /// Reads the file. It may throw what <see cref="Refusals"/> names; whatever else it throws is a failure.
    /// </summary>
    public required Action<string> Read { get; init; }

    /// <summary>Exceptions that refuse an input.</summary>
    public IReadOnlyList<Type> Refusals { get; init; } = [typeof(Data.DataException)];

    /// <summary>The file of an input: what a checksum or an archive adds to it.</summary>
    public Func<byte[], byte[]> ToFile { get; init; } = input => input;

    /// <summary>A change that knows how the seed is built, which the mutator makes of every second one.</summary>
    public Func<byte[], Random, byte[]>? Change { get; init; }

    /// <summary>Words that files of this family have, for the mutator.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>Bytes that may be allocated whatever the input is.</summary>
    public long Room { get; init; } = 64L << 20;

    /// <summary>Bytes that may be allocated besides for each byte of the file.</summary>
    public long RoomPerByte { get; init; } = 512;

    /// <summary>A dictionary as AFL reads it.</summary>
    public string Dictionary()
    {
        var text = new StringBuilder();
        foreach (string word in Words)
            text.Append('"').AppendJoin("", Encoding.UTF8.GetBytes(word).Select(b => $"\\x{b:X2}")).Append("\"\n");
        return text.ToString();
    }
}
