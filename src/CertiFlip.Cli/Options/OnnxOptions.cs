using System.CommandLine;
using CertiFlip.Cli.Output;
using CertiFlip.Onnx;

namespace CertiFlip.Cli.Options;

/// <summary>The options that say how ONNX models are used.</summary>
internal static class OnnxOptions
{
    private const string None = "none";

    /// <summary>What a model does not say itself.</summary>
    public static Option<IReadOnlyList<string>?> Settings() => new("--map-options")
    {
        Description =
            "What an ONNX model does not say itself, separated by commas. Of images: size=224, shorter=256 (then the centre is cut "
            + "out; 0 takes the whole image), filter=bicubic, mean=124/116/104, std=58/57/57, colours=bgr, layout=nhwc, "
            + "mirror=yes (the mean with the mirror image's features), output=NAME+NAME (several, layers within the model too). Of texts: "
            + "pooling=mean (or first), normalise=yes, tokens=256. Of both: output=NAME.",
        HelpName = "LIST",
        CustomParser = result => OptionValue.Parse<IReadOnlyList<string>>(
            result, "settings such as size=224, separated by commas",
            text => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)),
    };

    /// <summary>Where rows are kept.</summary>
    public static Option<string> Cache() => new("--cache")
    {
        Description = "A folder for what ONNX models made of images and texts, so that a second run computes nothing; or none. [default: "
            + "certiflip/features in the user's folder of caches]",
        HelpName = "DIR",
        CompletionSources = { Choices.GuardedPathOr(Choices.Path.Folder, None) },
    };

    /// <summary>The cache that a value of <c>--cache</c> names; null where rows are not to be kept.</summary>
    public static FeatureCache? CacheOf(string? folder) => folder switch
    {
        null => FeatureCache.Default,
        None => null,
        _ => new FeatureCache(folder),
    };

    /// <summary>Settings of <see cref="Settings"/> as a model takes them.</summary>
    /// <exception cref="UsageException">One is not known, or has another value than it may.</exception>
    public static T Read<T>(IReadOnlyList<string> settings, Func<IEnumerable<string>, T> parse)
    {
        try
        {
            return parse(settings);
        }
        catch (FormatException e)
        {
            throw new UsageException($"--map-options {e.Message}.");
        }
    }
}
