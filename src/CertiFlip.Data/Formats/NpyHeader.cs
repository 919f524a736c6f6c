namespace CertiFlip.Data.Formats;

/// <summary>What the header of a .npy array says.</summary>
/// <param name="ElementType">How an element is stored, in NumPy's notation ("descr"), such as &lt;f8.</param>
/// <param name="FortranOrder">Whether the first index runs fastest.</param>
/// <param name="Shape">Lengths of the dimensions.</param>
internal sealed record NpyHeader(string ElementType, bool FortranOrder, IReadOnlyList<long> Shape);
