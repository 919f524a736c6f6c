using CertiFlip.Data.Models;

namespace CertiFlip.Cli.Commands.Features;

/// <summary>A map that was fitted, and what the user must know of labels in it.</summary>
/// <param name="Model">The map.</param>
/// <param name="Notes">Sentences, each for a line of its own.</param>
internal sealed record FitResult(StoredModel Model, params IReadOnlyList<string> Notes);
