using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace CertiFlip.Cli.Output;

/// <summary>
/// Standard output or standard error. Once it cannot be written, because it is closed, full, or nobody reads it any
/// more, nothing is written to it, and the work goes on.
/// </summary>
internal sealed class StandardStream : Stream
{
    private const int CloseOnExec = 0x80000;

    // A pipe takes so many bytes whole or not at all, also where its other end made it one that does not wait.
    private const int Piece = 4096;
    private static readonly TimeSpan WhileFull = TimeSpan.FromMilliseconds(5);

    // EAGAIN of Linux and of macOS.
    private static readonly int[] TryAgain = [11, 35];

    private readonly Stream _stream;

    private StandardStream(int number)
    {
        try
        {
            _stream = Open(number);
        }
        catch (Exception exception) when (IsOfWriting(exception))
        {
            (_stream, Failure) = (Null, exception.Message);
        }
    }

    public static StandardStream Output { get; } = new(1);

    public static StandardStream Error { get; } = new(2);

    /// <summary>Whether something that was written is lost.</summary>
    public bool HasLost { get; private set; }

    /// <summary>Why it cannot be written; null where it can.</summary>
    public string? Failure { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The same for text. What is written is sent at once.</summary>
    public TextWriter Text() => new StreamWriter(
        this, Console.OutputEncoding is UTF8Encoding ? new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) : Console.OutputEncoding)
    {
        AutoFlush = true,
    };

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        HasLost |= Failure is not null && !buffer.IsEmpty;
        while (!buffer.IsEmpty && Failure is null)
        {
            ReadOnlySpan<byte> piece = buffer[..Math.Min(Piece, buffer.Length)];
            try
            {
                _stream.Write(piece);
                buffer = buffer[piece.Length..];
            }
            catch (IOException exception) when (TryAgain.Contains(exception.HResult))
            {
                Thread.Sleep(WhileFull);
            }
            catch (Exception exception) when (IsOfWriting(exception))
            {
                (Failure, HasLost) = (exception.Message, true);
            }
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        // Every piece is sent at once.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private static Stream Open(int number)
    {
        Stream console = number == 1 ? Console.OpenStandardOutput() : Console.OpenStandardError();
        if (OperatingSystem.IsWindows())
            return console;
        if (IsClosed(number))
            throw new IOException("It is closed.");

        // The console says nothing of a pipe that nobody reads. A file needs its own place, which the other stream
        // may share.
        FileStream direct = new(new SafeFileHandle(number, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return direct.CanSeek ? console : direct;
    }

    /// <summary>
    /// Whether the caller closed it: the number then stands for something of the runtime's own, which no program
    /// inherits.
    /// </summary>
    private static bool IsClosed(int number)
    {
        const string Flags = "flags:";
        string path = $"/proc/self/fdinfo/{number.ToString(CultureInfo.InvariantCulture)}";
        if (!OperatingSystem.IsLinux() || !File.Exists(path))
            return false;
        string? line = File.ReadLines(path).FirstOrDefault(line => line.StartsWith(Flags, StringComparison.Ordinal));
        return line is not null && (Convert.ToInt32(line[Flags.Length..].Trim(), 8) & CloseOnExec) != 0;
    }

    private static bool IsOfWriting(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or ObjectDisposedException or NotSupportedException or ArgumentException;
}
