using CertiFlip.Data.Models;

namespace CertiFlip.Cli.Commands.Features;

/// <summary>What feature maps are called on the command line: as in their files.</summary>
internal static class MapNames
{
    public const string StandardScaler = StandardScalerFile.Kind;
    public const string PrincipalComponents = PrincipalComponentsFile.Kind;
    public const string ConvolutionalNetwork = ConvolutionalNetworkFile.Kind;
    public const string LatentSemantics = LatentSemanticsFile.Kind;
    public const string AveragedWordVectors = AveragedWordVectorsFile.Kind;
    public const string Patches = PatchFeaturesFile.Kind;
    public const string Spectral = SpectralFeaturesFile.Kind;

    public static IReadOnlyList<string> All { get; } = [StandardScaler, PrincipalComponents, Patches, Spectral, ConvolutionalNetwork, LatentSemantics, AveragedWordVectors];
}
