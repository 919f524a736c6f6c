namespace CertiFlip.Data;

/// <summary>Images as they were read from one file.</summary>
/// <param name="Pixels">n rows of height × width × channels numbers: row by row from the top, the channels of a pixel side by side, on whatever scale the file has.</param>
/// <param name="Height">Pixels from top to bottom.</param>
/// <param name="Width">Pixels from left to right.</param>
/// <param name="Channels">Numbers for each pixel: one is grey, three are red, green and blue.</param>
/// <param name="Source">Where they came from, as messages name it: a path.</param>
public sealed record ImageList(FeatureMatrix Pixels, int Height, int Width, int Channels, string Source);
