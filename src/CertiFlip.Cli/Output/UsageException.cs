namespace CertiFlip.Cli.Output;

/// <summary>
/// An option whose value makes no sense for these data: wrong usage that only shows once they are read.
/// </summary>
internal sealed class UsageException(string message) : Exception(message);
