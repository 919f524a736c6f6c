namespace CertiFlip.Service;

/// <summary>What a client sent cannot be answered; the message says what was wrong, where, and what was expected.</summary>
internal sealed class BadRequestException(string message, int status = 400) : Exception(message)
{
    public int Status { get; } = status;
}
