using CertiFlip.Data;

namespace CertiFlip.Fuzz;

/// <summary>
/// Tries inputs on a target, one at a time: each is read, or refused in one line, in time and in memory.
/// </summary>
/// <param name="target">The target.</param>
/// <param name="folder">Where the file is written.</param>
internal sealed class Trial(Target target, string folder)
{
    /// <summary>Processor time for one input.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly string _path = Path.Combine(folder, "input" + target.Extension);

    /// <summary>Reads an input.</summary>
    /// <returns>Whether it was read; otherwise it was refused.</returns>
    /// <exception cref="FailureException">It was neither, or not within the limits.</exception>
    public bool Run(byte[] input)
    {
        byte[] file = target.ToFile(input);
        File.WriteAllBytes(_path, file);
        long allocated = GC.GetTotalAllocatedBytes();
        TimeSpan started = Environment.CpuUsage.TotalTime;
        bool isRead = true;
        try
        {
            target.Read(_path);
        }
        catch (FailureException)
        {
            throw;
        }
        catch (Exception exception) when (target.Refusals.Any(type => type.IsInstanceOfType(exception)))
        {
            isRead = false;
            if (exception is DataException refusal)
                Check(refusal, _path);
        }
        catch (Exception exception)
        {
            throw new FailureException($"{exception.GetType().Name}: {exception.Message}", exception);
        }

        TimeSpan took = Environment.CpuUsage.TotalTime - started;
        Hold(took <= Limit, $"{took.TotalSeconds:F1} s of processor time");
        allocated = GC.GetTotalAllocatedBytes() - allocated;
        Hold(allocated <= target.Room + target.RoomPerByte * file.Length, $"{allocated:N0} bytes allocated for {file.Length:N0}");
        return isRead;
    }

    /// <summary>Fails unless a claim holds.</summary>
    /// <exception cref="FailureException">It does not.</exception>
    public static void Hold(bool claim, string otherwise)
    {
        if (!claim)
            throw new FailureException(otherwise);
    }

    /// <summary>Fails unless a refusal is one line that names the file, for a reason that lies in it.</summary>
    public static void Check(DataException refusal, string path)
    {
        Hold(refusal.InnerException is not OutOfMemoryException, $"out of memory: {refusal.Message}");
        Hold(!refusal.Message.Contains('\n', StringComparison.Ordinal), $"a message of several lines: {refusal.Message}");
        Hold(refusal.Message.Contains(path, StringComparison.Ordinal), $"a message without the file: {refusal.Message}");
    }
}

/// <summary>An input that was neither read nor refused as it should be.</summary>
internal sealed class FailureException(string message, Exception? inner = null) : Exception(message, inner);
