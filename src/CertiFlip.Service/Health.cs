namespace CertiFlip.Service;

/// <summary>How the service is.</summary>
internal sealed record Health(string Status);
