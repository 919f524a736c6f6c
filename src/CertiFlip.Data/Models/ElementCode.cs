namespace CertiFlip.Data.Models;

/// <summary>How a model file calls the types of its arrays.</summary>
internal enum ElementCode : byte
{
    /// <summary>64-bit floating-point numbers.</summary>
    Double,

    /// <summary>32-bit floating-point numbers.</summary>
    Single,

    /// <summary>32-bit integers.</summary>
    Integer,

    /// <summary>UTF-8, each text with its length in bytes before it.</summary>
    Text,
}
