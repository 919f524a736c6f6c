using System.Globalization;

namespace CertiFlip.Data.Formats;

/// <summary>
/// How much one file may become. Whoever unpacks, or keeps values of a file in memory, asks here before.
/// </summary>
public sealed class ReadBudget
{
    private const int Ratio = 100;

    // However small a file is, this is no harm: a matrix of zeros is packed a thousandfold.
    private const long AlwaysAllowed = 256L << 20;
    private const long Object = 40;
    private readonly string _path;
    private readonly long? _size;
    private readonly ReaderOptions _options;
    private readonly bool _isPlain;
    private readonly bool _isForItsSize;
    private readonly long _most;
    private long _taken;

    /// <param name="path">The file, as messages name it.</param>
    /// <param name="size">Its size in bytes, or null where that is not known, as of a pipe.</param>
    /// <param name="isPacked">Whether it is compressed.</param>
    /// <param name="options">What the user chose.</param>
    public ReadBudget(string path, long? size, bool isPacked, ReaderOptions options)
    {
        (_path, _size, _options) = (path, size, options);
        long forItsSize = isPacked ? Math.Max(AlwaysAllowed, Ratio * Math.Min(size ?? 0, long.MaxValue / Ratio)) : long.MaxValue;
        _isForItsSize = options.MaxUnpacked is null && forItsSize < ShareOfMemory;
        _isPlain = size is not null && !isPacked;
        _most = options.MaxUnpacked ?? Math.Min(forItsSize, ShareOfMemory);
    }

    /// <summary>Half of the memory that this process may use.</summary>
    public static long ShareOfMemory => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2;

    /// <summary>Bytes of a text in memory.</summary>
    public static long BytesOf(string text) => Object + ((long)text.Length * sizeof(char));

    /// <summary>Asks for room for values that stay in memory.</summary>
    /// <param name="count">How many, at least 0.</param>
    /// <param name="size">Bytes of each.</param>
    /// <exception cref="DataException">All values of the file together are too large.</exception>
    /// <exception cref="OperationCanceledException">Reading is to end.</exception>
    public void Take(long count, long size = 1)
    {
        ThrowIfCancelled();
        if (count > (_most - _taken) / size)
            throw TooLarge();
        _taken += count * size;
    }

    /// <summary>Asks whether so much may be read; what is not compressed may be as long as it is.</summary>
    /// <param name="bytes">Bytes from the beginning, unpacked.</param>
    /// <exception cref="DataException">They are too many.</exception>
    /// <exception cref="OperationCanceledException">Reading is to end.</exception>
    public void CheckUnpacked(long bytes)
    {
        ThrowIfCancelled();
        if (bytes > _most && !_isPlain)
            throw TooLarge();
    }

    /// <exception cref="OperationCanceledException">Reading is to end.</exception>
    public void ThrowIfCancelled() => _options.Cancellation.ThrowIfCancellationRequested();

    private DataException TooLarge()
    {
        string size = _size is { } bytes ? $" of {InWords(bytes)}" : "";
        string limit = _options.MaxUnpacked is not null ? ", the limit that was set"
            : _isForItsSize ? $" and more than {Ratio} times its size, like a file made to do harm"
            : ", half of the memory";
        string advice = _isForItsSize
            ? "if it is meant to be so large, allow it"
            : "use fewer rows or columns, save features as a plain .npy, which is read in place, or allow more";
        return new DataException(
            $"{_path}: this file{size} would take more than {InWords(_most)} to read{limit}; {advice} with --max-unpacked SIZE "
            + "(ReaderOptions.MaxUnpacked).");
    }

    private static string InWords(long bytes)
    {
        string[] units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
        int unit = 0;
        double number = bytes;
        for (; number >= 1024 && unit < units.Length - 1; unit++)
            number /= 1024;
        return string.Create(CultureInfo.InvariantCulture, $"{number:0.#} {units[unit]}");
    }
}
