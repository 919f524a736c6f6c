using System.CommandLine;
using Spectre.Console;

namespace CertiFlip.Cli.Commands.Features;

/// <summary><c>certiflip features</c>: feature maps, fitted once and applied to whatever comes later.</summary>
internal sealed class FeaturesCommand : Command
{
    public FeaturesCommand(IAnsiConsole output, IAnsiConsole status)
        : base("features", "Turn images, texts or many numbers into the features that are certified on, without their labels.")
    {
        Subcommands.Add(new FeaturesFitCommand(output, status));
        Subcommands.Add(new FeaturesApplyCommand(output, status));
    }
}
