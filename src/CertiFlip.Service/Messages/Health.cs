namespace CertiFlip.Service.Messages;

/// <summary>How the service is.</summary>
internal sealed record Health(string Status);
